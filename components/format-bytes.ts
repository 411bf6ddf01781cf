const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `1536` → `1.5 KiB`: binary units, three significant digits, never rounded up to the next unit's 1024. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes)
  let unit = 0
  while (Math.abs(value) >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2
  return `${Number(value.toFixed(digits))} ${units[unit]}`
}

/** `1536n` → `1,536 bytes` */
export function formatExactBytes(bytes: number | bigint): string {
  return `${BigInt(bytes).toLocaleString('en-GB')} ${BigInt(bytes) === 1n ? 'byte' : 'bytes'}`
}
