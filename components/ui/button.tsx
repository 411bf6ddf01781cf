import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

const buttonStyle = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        secondary: 'border border-border bg-surface text-text shadow-xs hover:bg-surface-muted',
        ghost: 'text-text hover:bg-surface-muted',
        danger: 'bg-bad text-on-bad hover:opacity-90',
        'danger-quiet': 'border border-border bg-surface text-bad shadow-xs hover:bg-bad-soft',
        link: 'rounded-sm text-accent underline-offset-4 hover:underline',
      },
      size: {
        md: 'h-10 px-4 text-sm',
        sm: 'h-8 px-3 text-[0.8125rem]',
        icon: 'size-10',
        'icon-sm': 'size-8',
        inline: 'h-auto p-0',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonStyle> & {
    /** styles the only child (a link, say) as a button */
    asChild?: boolean
    /** shows that the action is under way, and refuses a second click */
    pending?: boolean
  }

export function Button({
  className,
  variant,
  size,
  asChild,
  pending = false,
  disabled,
  children,
  ...props
}: ButtonProps) {
  const style = classNames(buttonStyle({ variant, size }), pending && '[&>svg+svg]:hidden', className)
  if (asChild)
    return (
      <Slot.Root className={style} {...props}>
        {children}
      </Slot.Root>
    )
  return (
    <button type="button" className={style} disabled={disabled || pending} aria-busy={pending || undefined} {...props}>
      {pending && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
}
