import { classNames } from './class-names'

/** `value` from 0 to 1; null where no end is known: the whole bar then pulses, so that nobody takes it for a share. */
export function ProgressBar({ value, label, className }: { value: number | null; label: string; className?: string }) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      className={classNames('h-2 w-full overflow-hidden rounded-full bg-surface-muted', className)}
    >
      <div
        className={classNames(
          'h-full rounded-full bg-running transition-[width] duration-500',
          percent === null && 'w-full animate-pulse opacity-40',
        )}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  )
}
