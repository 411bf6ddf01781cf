'use client'

import { useId } from 'react'
import { SelectField, TextField } from '@/components/form/fields'
import type { BackendOption } from '@/core/remotes/describe-backend'
import type { SavedOptions } from './backend-fields'
import { SecretField, SecretTextarea } from './secret-fields'

export type OptionKind = 'plain' | 'secret'

/** One option of rclone as a field: a choice where it has fixed values, and rclone's own words below it. */
export function OptionField({
  name,
  kind,
  label = labelOf(name),
  hint,
  choices,
  required,
  described,
  saved: { options, savedSecrets },
}: {
  name: string
  kind: OptionKind
  label?: string | undefined
  hint?: string | undefined
  choices?: { value: string; label: string }[] | undefined
  required: boolean
  /** what the worker’s rclone says of it; absent: nothing yet */
  described?: BackendOption | undefined
  saved: SavedOptions
}) {
  const list = useId()
  const description = hint ?? described?.help
  if (kind === 'secret') {
    const props = { name, label, saved: savedSecrets, required, description }
    return name.endsWith('credentials') ? <SecretTextarea {...props} /> : <SecretField {...props} />
  }
  const value = options[name]
  const common = { name, label, description }
  if (choices) return <SelectField {...common} defaultValue={value ?? ''} options={choices} />
  if (described?.type === 'bool')
    return (
      <SelectField
        {...common}
        defaultValue={value ?? ''}
        options={[
          { value: '', label: `As usual: ${described.default === 'true' ? 'yes' : 'no'}` },
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
      />
    )
  const examples = described?.examples ?? []
  return (
    <>
      <TextField
        {...common}
        optional={!required}
        defaultValue={value}
        placeholder={described?.default}
        spellCheck={false}
        list={examples.length > 0 ? list : undefined}
      />
      {examples.length > 0 && (
        <datalist id={list}>
          {examples.map((example) => (
            <option key={example.value} value={example.value}>
              {example.help}
            </option>
          ))}
        </datalist>
      )}
    </>
  )
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
