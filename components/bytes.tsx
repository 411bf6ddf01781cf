import { formatBytes, formatExactBytes } from './format-bytes'

/** A size in binary units; the exact number is its tooltip. */
export function Bytes({ value }: { value: number | bigint }) {
  return (
    <span title={formatExactBytes(value)} className="whitespace-nowrap tabular-nums">
      {formatBytes(value)}
    </span>
  )
}
