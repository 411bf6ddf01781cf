'use client'

import type { ReactNode } from 'react'
import { CheckboxField, TextareaField, TextField } from '@/components/form/fields'
import { forgetPrefix } from './forget-prefix'

const keep = 'Saved. Leave empty to keep it.'

type Props = {
  name: string
  label: string
  /** names of those that are saved */
  saved: string[]
  required?: boolean
  description?: ReactNode
}

/** A secret in one line: always empty, and as it was when left so. One that is not required can be forgotten. */
export function SecretField({ name, label, saved, required = false, description }: Props) {
  const isSaved = saved.includes(name)
  return (
    <div className="space-y-2.5">
      <TextField
        name={name}
        label={label}
        type="password"
        optional={!required && !isSaved}
        autoComplete="new-password"
        placeholder={isSaved ? '••••••••' : undefined}
        description={isSaved ? keep : description}
      />
      {isSaved && !required && (
        <CheckboxField name={`${forgetPrefix}${name}`} label={`Forget the saved ${label.toLowerCase()}`} />
      )}
    </div>
  )
}

/** A secret of several lines: a key. */
export function SecretTextarea({
  name,
  label,
  saved,
  required,
  description,
  placeholder,
}: Props & { placeholder?: string }) {
  const isSaved = saved.includes(name)
  return (
    <div className="space-y-2.5">
      <TextareaField
        name={name}
        label={label}
        optional={!required && !isSaved}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
        placeholder={isSaved ? '••••••••' : placeholder}
        description={isSaved ? keep : description}
      />
      {isSaved && !required && (
        <CheckboxField name={`${forgetPrefix}${name}`} label={`Forget the saved ${label.toLowerCase()}`} />
      )}
    </div>
  )
}
