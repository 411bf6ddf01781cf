'use client'

import { Notice } from '@/components/ui/notice'
import { allowedOptions, requiredOptions } from '@/protocol/advanced-options'
import type { GenericBackend } from '@/protocol/generic-backends'
import { AdvancedGroup } from './advanced-fields'
import type { SavedOptions } from './backend-fields'
import { backendNames } from './backend-names'
import { friendlyOptions } from './friendly-options'
import { OptionField, type OptionKind } from './option-field'
import type { TestWorker } from './remote-test'
import { type Described, useBackendDescription } from './use-backend-description'

/** The form of a backend that has none by hand, made from what the rclone of a worker says of its options. */
export function GeneratedFields({
  backend,
  saved,
  workers,
}: {
  backend: GenericBackend
  saved: SavedOptions
  workers: TestWorker[]
}) {
  const described = useBackendDescription(backend, workers, true)
  const { plain, secret, password } = allowedOptions[backend]
  const all = [
    ...plain.map((name) => ({ name, kind: 'plain' as OptionKind })),
    ...[...secret, ...password].map((name) => ({ name, kind: 'secret' as OptionKind })),
  ]
  const friendly = friendlyOptions[backend]
  const required = requiredOptions(backend)
  const known = described !== null && described !== 'away' ? described.options : []
  const isMain = (name: string) =>
    friendly
      ? name in friendly
      : required.includes(name) || known.find((option) => option.name === name)?.advanced === false
  const order = [...(friendly ? Object.keys(friendly) : required), ...known.map(({ name }) => name)]
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const main = all.filter(({ name }) => isMain(name)).sort((left, right) => rank(left.name) - rank(right.name))
  return (
    <>
      <WhatIsKnown backend={backend} described={described} />
      {main.map(({ name, kind }) => (
        <OptionField
          key={name}
          name={name}
          kind={kind}
          label={friendly?.[name]?.label}
          hint={friendly?.[name]?.hint}
          choices={friendly?.[name]?.choices}
          required={required.includes(name)}
          described={known.find((option) => option.name === name)}
          saved={saved}
        />
      ))}
      <AdvancedGroup options={all.filter(({ name }) => !isMain(name))} described={described} saved={saved} />
    </>
  )
}

function WhatIsKnown({ backend, described }: { backend: GenericBackend; described: Described }) {
  if (described === null) return <p className="text-muted text-sm">Asking a worker’s rclone about its settings…</p>
  if (described === 'away')
    return (
      <Notice title="No worker answers">
        <p>Its rclone would explain these settings. They can be filled in nevertheless.</p>
      </Notice>
    )
  if (described.description === null)
    return (
      <Notice tone="warning" title={`rclone ${described.version} does not know ${backendNames[backend]}`}>
        <p>Install a newer rclone on the workers’ hosts before plans use this remote.</p>
      </Notice>
    )
  return <p className="text-muted text-sm">{described.description}</p>
}
