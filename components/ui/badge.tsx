import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

const badgeStyle = cva(
  'inline-flex w-fit items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 py-0.5 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        good: 'bg-good-soft text-good',
        warning: 'bg-warning-soft text-warning',
        bad: 'bg-bad-soft text-bad',
        running: 'bg-running-soft text-running',
        idle: 'bg-idle-soft text-idle',
        accent: 'bg-accent-soft text-accent',
      },
    },
    defaultVariants: { tone: 'idle' },
  },
)

export type Tone = NonNullable<VariantProps<typeof badgeStyle>['tone']>

export function Badge({ tone, className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={classNames(badgeStyle({ tone }), className)} {...props} />
}
