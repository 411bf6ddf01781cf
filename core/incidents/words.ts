const units: [seconds: number, one: string, many: string][] = [
  [86_400, 'day', 'days'],
  [3600, 'hour', 'hours'],
  [60, 'minute', 'minutes'],
]

/** `3 days`, `an hour` as `1 hour`, `less than a minute`: the largest unit, rounded down. */
export function spanInWords(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000)
  for (const [length, one, many] of units) {
    const count = Math.floor(seconds / length)
    if (count >= 1) return `${count} ${count === 1 ? one : many}`
  }
  return 'less than a minute'
}

/** `23 Nov 2026, 02:00 UTC` */
export function momentInWords(at: Date): string {
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`
}

/** `A`, `A and B`, `A, B and 3 more` */
export function listInWords(names: string[], most = 5): string {
  const shown = names.slice(0, most)
  const left = names.length - shown.length
  if (left > 0) return `${shown.join(', ')} and ${left} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '')
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.5 GiB` */
export function bytesInWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${byteUnits[power]}`
}
