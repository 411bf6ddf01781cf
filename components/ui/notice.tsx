import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import type { Tone } from './badge'
import { classNames } from './class-names'

const tones: Record<Tone, string> = {
  good: 'border-good/30 bg-good-soft text-good',
  warning: 'border-warning/30 bg-warning-soft text-warning',
  bad: 'border-bad/30 bg-bad-soft text-bad',
  running: 'border-running/30 bg-running-soft text-running',
  idle: 'border-border bg-surface-muted text-muted',
  accent: 'border-accent/30 bg-accent-soft text-accent',
}

const icons: Record<Tone, ReactNode> = {
  good: <CircleCheck aria-hidden />,
  warning: <TriangleAlert aria-hidden />,
  bad: <CircleAlert aria-hidden />,
  running: <Info aria-hidden />,
  idle: <Info aria-hidden />,
  accent: <Info aria-hidden />,
}

/** A remark inside a page: colour, icon and words. */
export function Notice({
  tone = 'idle',
  icon,
  title,
  className,
  children,
  ...props
}: Omit<ComponentProps<'div'>, 'title'> & { tone?: Tone; icon?: ReactNode; title?: string }) {
  return (
    <div
      className={classNames(
        'flex gap-3 rounded-xl border px-4 py-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0',
        tones[tone],
        className,
      )}
      {...props}
    >
      {icon ?? icons[tone]}
      <div className="min-w-0 flex-1 space-y-1">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  )
}
