import { formatBytes } from '@/components/format-bytes'

const width = 96
const height = 24

/** Sizes of the last good backups as a line; from zero, so that a trifle does not look like a jump. */
export function SizeTrend({ sizes, name }: { sizes: number[]; name: string }) {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (first === undefined || last === undefined || sizes.length < 2) return null
  const largest = Math.max(...sizes, 1)
  const points = sizes.map((size, index) => {
    const x = (index / (sizes.length - 1)) * width
    return `${x.toFixed(1)},${(height - 2 - (size / largest) * (height - 4)).toFixed(1)}`
  })
  const label = `Size of ${name}: from ${formatBytes(first)} to ${formatBytes(last)} in 30 days`
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="h-6 w-24" role="img" aria-label={label}>
      <title>{label}</title>
      <polyline
        points={points.join(' ')}
        fill="none"
        className="stroke-accent"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  )
}
