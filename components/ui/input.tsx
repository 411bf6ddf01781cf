import type { ComponentProps } from 'react'
import { classNames } from './class-names'

const controlStyle =
  'w-full min-w-0 rounded-lg border border-border-strong/60 bg-surface px-3 text-text shadow-xs transition-colors placeholder:text-muted/80 hover:border-border-strong focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-bad'

/** 16 px on phones, where smaller text makes the browser zoom in. */
export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={classNames(controlStyle, 'h-10 text-base md:text-sm', className)} {...props} />
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(controlStyle, 'min-h-24 py-2 text-base md:text-sm', className)} {...props} />
}

export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <select className={classNames(controlStyle, 'h-10 pr-8 text-base md:text-sm', className)} {...props}>
      {children}
    </select>
  )
}

export function Checkbox({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <input type="checkbox" className={classNames('size-4.5 shrink-0 rounded accent-accent', className)} {...props} />
  )
}
