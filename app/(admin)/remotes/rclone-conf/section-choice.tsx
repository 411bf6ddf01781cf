'use client'

import { useState } from 'react'
import { backendNames } from '@/app/(admin)/remotes/backend-names'
import { connectionStateWords } from '@/app/(admin)/remotes/connection-state-words'
import { CheckboxField, SelectField, TextareaField, TextField } from '@/components/form/fields'
import { Badge } from '@/components/ui/badge'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import type { ImportChoice } from '@/core/remotes/preview-import'

/** One section: what it would become, what is left out of it, and what must be filled in. */
export function SectionChoice({ choice, connections }: { choice: ImportChoice; connections: ConnectionChoice[] }) {
  const { name, backend, lacks, refused } = choice
  const choicesOfConnection = connections.filter(({ provider }) => provider === backend)
  const connectable = choice.signIn === null || choice.signIn === 'token' || choicesOfConnection.length > 0
  const usable = backend !== null && lacks.length === 0 && connectable
  const [chosen, setChosen] = useState(usable)
  return (
    <li className="space-y-4 rounded-lg border border-border p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <CheckboxField
          name="chosen"
          value={name}
          label={name}
          disabled={!usable}
          checked={chosen}
          onChange={(event) => setChosen(event.target.checked)}
        />
        <span className="text-muted text-sm">
          {backend && backendNames[backend]}
          {choice.place && ` at ${choice.place}`}
        </span>
        {choice.encrypted && <Badge tone="accent">encrypted</Badge>}
        {choice.secrets.length > 0 && <Badge tone="idle">{`secrets: ${choice.secrets.join(', ')}`}</Badge>}
      </div>
      {lacks.length > 0 && <p className="text-bad text-sm">{lacks.join(' ')}</p>}
      {!connectable && (
        <p className="text-bad text-sm">
          {choice.signIn === 'foreign'
            ? 'Its token was made with rclone’s own client id, which only rclone may use. Add a connection by hand first.'
            : 'It holds no token. Add a connection by hand first.'}
        </p>
      )}
      {refused.length > 0 && (
        <div className="text-sm">
          <p className="text-warning">Left out:</p>
          <ul className="list-disc pl-5 text-muted">
            {refused.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
      {chosen && (
        <div className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-3">
            <TextField name={`name:${name}`} label="Name" defaultValue={name} />
            <TextField name={`slug:${name}`} label="Slug" defaultValue={choice.slug} spellCheck={false} />
            <TextField
              name={`folder:${name}`}
              label="Base folder"
              defaultValue={choice.baseFolder}
              spellCheck={false}
            />
          </div>
          {choice.needsHostKey && (
            <TextareaField
              name={`hostKey:${name}`}
              label="Host key of the server"
              spellCheck={false}
              className="font-mono"
              description="What ssh-keyscan prints for it: no rclone.conf holds it, and a server with another key is refused."
            />
          )}
          {choice.signIn !== null && (
            <SelectField
              name={`connection:${name}`}
              label="Connection"
              options={[
                ...(choice.signIn === 'token' ? [{ value: '', label: 'A new one, from its token' }] : []),
                ...choicesOfConnection.map(({ id, name: label, state }) => ({
                  value: id,
                  label: `${label} (${connectionStateWords[state]})`,
                })),
              ]}
            />
          )}
        </div>
      )}
    </li>
  )
}
