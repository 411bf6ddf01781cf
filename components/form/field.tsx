'use client'

import { type ReactNode, useId } from 'react'
import { useFormState } from './action-form'

export type FieldProps = {
  name: string
  label: string
  description?: ReactNode
}

/** What ties a control to its label, description and error: spread `control` on the control. */
export function useField(name: string, hasDescription: boolean) {
  const id = useId()
  const error = useFormState().fields[name]
  const describedBy = [hasDescription && `${id}-description`, error && `${id}-error`].filter(Boolean).join(' ')
  return {
    id,
    error,
    control: {
      id,
      name,
      'aria-invalid': error ? (true as const) : undefined,
      'aria-describedby': describedBy || undefined,
    },
  }
}

export function FieldFrame({
  id,
  label,
  description,
  error,
  optional = false,
  children,
}: {
  id: string
  label: string
  description?: ReactNode
  error: string | undefined
  optional?: boolean
  children: ReactNode
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1.5 flex items-baseline gap-2 font-medium text-sm">
        {label}
        {optional && <span className="font-normal text-muted text-xs">optional</span>}
      </label>
      {children}
      <FieldNotes id={id} description={description} error={error} />
    </div>
  )
}

export function FieldNotes({
  id,
  description,
  error,
}: {
  id: string
  description?: ReactNode
  error: string | undefined
}) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="mt-1.5 break-words text-bad text-sm">
          {error}
        </p>
      )}
      {description && (
        <div id={`${id}-description`} className="mt-1.5 text-[0.8125rem] text-muted">
          {description}
        </div>
      )}
    </>
  )
}
