'use client'

import type { ComponentProps } from 'react'
import { Checkbox, Input, Select, Textarea } from '@/components/ui/input'
import { FieldFrame, FieldNotes, type FieldProps, useField } from './field'

/** Labelled controls for use inside an ActionForm. `optional` only says so; the action's schema decides. */

export function TextField({
  name,
  label,
  description,
  optional,
  ...props
}: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'id'> & { optional?: boolean }) {
  const { id, error, control } = useField(name, Boolean(description))
  return (
    <FieldFrame id={id} label={label} description={description} error={error} optional={optional ?? false}>
      <Input {...control} autoComplete="off" {...props} />
    </FieldFrame>
  )
}

export function TextareaField({
  name,
  label,
  description,
  optional,
  ...props
}: FieldProps & Omit<ComponentProps<'textarea'>, 'name' | 'id'> & { optional?: boolean }) {
  const { id, error, control } = useField(name, Boolean(description))
  return (
    <FieldFrame id={id} label={label} description={description} error={error} optional={optional ?? false}>
      <Textarea {...control} {...props} />
    </FieldFrame>
  )
}

export function SelectField({
  name,
  label,
  description,
  options,
  ...props
}: FieldProps &
  Omit<ComponentProps<'select'>, 'name' | 'id'> & { options: { value: string; label: string; disabled?: boolean }[] }) {
  const { id, error, control } = useField(name, Boolean(description))
  return (
    <FieldFrame id={id} label={label} description={description} error={error}>
      <Select {...control} {...props}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </Select>
    </FieldFrame>
  )
}

/** Sends `on` when ticked and nothing when not; `value` is for groups of boxes of one name. */
export function CheckboxField({
  name,
  label,
  description,
  ...props
}: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'id' | 'type'>) {
  const { id, error, control } = useField(name, Boolean(description))
  return (
    <div>
      <label htmlFor={id} className="flex w-fit items-start gap-2.5 font-medium text-sm">
        <Checkbox {...control} className="mt-0.5" {...props} />
        {label}
      </label>
      <div className="pl-7">
        <FieldNotes id={id} description={description} error={error} />
      </div>
    </div>
  )
}
