'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { Checkbox } from '@/components/ui/input'

/** One box of a group that shares a name; what is wrong with the choice is told once, by the group. */
export function ChoiceBox({
  label,
  description,
  ...props
}: Omit<ComponentProps<'input'>, 'id' | 'type'> & { label: string; description: ReactNode }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="flex w-fit items-start gap-2.5 font-medium text-sm">
        <Checkbox id={id} aria-describedby={`${id}-description`} className="mt-0.5" {...props} />
        {label}
      </label>
      <div id={`${id}-description`} className="mt-1.5 pl-7 text-[0.8125rem] text-muted">
        {description}
      </div>
    </div>
  )
}
