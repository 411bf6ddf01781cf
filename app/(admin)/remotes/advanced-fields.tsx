'use client'

import { useState } from 'react'
import { allowedOptions } from '@/protocol/advanced-options'
import type { Backend } from '@/protocol/remotes'
import type { SavedOptions } from './backend-fields'
import { OptionField, type OptionKind } from './option-field'
import type { TestWorker } from './remote-test'
import { type Described, useBackendDescription } from './use-backend-description'

/** What rclone can be told besides, of a backend that has a form of its own. */
export function AdvancedFields({
  backend,
  saved,
  workers,
}: {
  backend: Backend
  saved: SavedOptions
  workers: TestWorker[]
}) {
  const [wanted, setWanted] = useState(false)
  const described = useBackendDescription(backend, workers, wanted)
  const { plain, secret, password } = allowedOptions[backend]
  const options = [
    ...plain.map((name) => ({ name, kind: 'plain' as const })),
    ...[...secret, ...password].map((name) => ({ name, kind: 'secret' as const })),
  ]
  return <AdvancedGroup options={options} described={described} saved={saved} onOpen={() => setWanted(true)} />
}

/** Collapsed, unless something in it is set. */
export function AdvancedGroup({
  options,
  described,
  saved,
  onOpen,
}: {
  options: { name: string; kind: OptionKind }[]
  described: Described
  saved: SavedOptions
  onOpen?: () => void
}) {
  if (options.length === 0) return null
  const known = described !== null && described !== 'away' ? described.options : []
  const set = options.filter(({ name }) => saved.options[name] !== undefined || saved.savedSecrets.includes(name))
  return (
    <details
      open={set.length > 0}
      onToggle={(event) => {
        if (event.currentTarget.open) onOpen?.()
      }}
      className="rounded-lg border border-border px-4 py-3"
    >
      <summary className="cursor-pointer font-medium text-sm">Advanced settings ({options.length})</summary>
      <div className="mt-4 space-y-5">
        {options.map(({ name, kind }) => (
          <OptionField
            key={name}
            name={name}
            kind={kind}
            required={false}
            described={known.find((option) => option.name === name)}
            saved={saved}
          />
        ))}
      </div>
    </details>
  )
}
