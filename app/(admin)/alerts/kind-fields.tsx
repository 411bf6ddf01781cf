'use client'

import { SelectField, TextareaField, TextField } from '@/components/form/fields'
import type { ChannelKind } from '@/core/channels/schema'

export type SavedSettings = { settings: Record<string, string>; savedSecrets: string[] }

/** Where a channel of a kind leads; secrets are always empty, and stay as they are when left so. */
export function KindFields({ kind, saved }: { kind: ChannelKind; saved: SavedSettings }) {
  switch (kind) {
    case 'email':
      return <EmailFields {...saved} />
    case 'slack':
      return <SecretField name="url" label="Address of the incoming webhook" saved={saved} hint={slackHint} />
    case 'teams':
      return <SecretField name="url" label="Address of the workflow" saved={saved} hint={teamsHint} />
    case 'matrix':
      return (
        <div className="space-y-5">
          <TextField
            name="server"
            label="Homeserver"
            defaultValue={saved.settings.server}
            placeholder="https://matrix.example.org"
            inputMode="url"
            spellCheck={false}
          />
          <TextField
            name="room"
            label="Room"
            defaultValue={saved.settings.room}
            placeholder="!abc:example.org"
            spellCheck={false}
            description="Its internal id, in the room’s advanced settings. Not encrypted, or members read nothing."
          />
          <SecretField
            name="token"
            label="Access token"
            saved={saved}
            hint="Of a user of its own who is a member of the room."
          />
        </div>
      )
    case 'webhook':
      return (
        <div className="space-y-5">
          <SecretField
            name="url"
            label="Address"
            saved={saved}
            hint="Gets JSON by POST; any 2xx means that it was taken."
          />
          <SecretField name="key" label="Signing key" saved={saved} hint={keyHint} />
        </div>
      )
    case 'ntfy':
      return (
        <div className="space-y-5">
          <TextField
            name="server"
            label="Server"
            defaultValue={saved.settings.server ?? 'https://ntfy.sh'}
            inputMode="url"
            spellCheck={false}
          />
          <SecretField
            name="topic"
            label="Topic"
            saved={saved}
            hint="Whoever knows it can read along: make it hard to guess."
          />
          <SecretField name="token" label="Access token" saved={saved} hint="Where the server asks for one." optional />
        </div>
      )
  }
}

const slackHint =
  'Slack: an app with “Incoming Webhooks”. Mattermost: Integrations, Incoming Webhooks. The address is a password.'
const teamsHint =
  'In the channel: Workflows, “Send webhook alerts to a channel”. The address is a password. Teams answers 202 before it posts: look whether the test appears.'
const keyHint =
  'At least 16 characters that only the receiver knows too. Each message carries an HMAC-SHA256 made with it (docs/monitoring.md).'

function EmailFields({ settings, savedSecrets }: SavedSettings) {
  return (
    <div className="space-y-5">
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_7rem_11rem]">
        <TextField
          name="host"
          label="Mail server (SMTP)"
          defaultValue={settings.host}
          placeholder="smtp.example.org"
          spellCheck={false}
        />
        <TextField name="port" label="Port" defaultValue={settings.port ?? '587'} inputMode="numeric" />
        <SelectField
          name="security"
          label="Encryption"
          defaultValue={settings.security ?? 'starttls'}
          options={[
            { value: 'starttls', label: 'STARTTLS (587)' },
            { value: 'tls', label: 'TLS (465)' },
            { value: 'none', label: 'none (25)' },
          ]}
        />
      </div>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField name="user" label="User" optional defaultValue={settings.user} spellCheck={false} />
        <SecretField name="password" label="Password" saved={{ settings, savedSecrets }} optional />
      </div>
      <TextField
        name="from"
        label="From"
        type="email"
        defaultValue={settings.from}
        placeholder="talekeeper@example.org"
        spellCheck={false}
      />
      <TextareaField
        name="to"
        label="To"
        rows={2}
        defaultValue={settings.to}
        placeholder="ada@example.org, operators@example.org"
        spellCheck={false}
        description="One address a line, or with commas between."
      />
    </div>
  )
}

function SecretField({
  name,
  label,
  hint,
  saved,
  optional = false,
}: {
  name: string
  label: string
  hint?: string
  saved: SavedSettings
  optional?: boolean
}) {
  const isSaved = saved.savedSecrets.includes(name)
  return (
    <TextField
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      optional={optional}
      spellCheck={false}
      placeholder={isSaved ? 'saved: leave empty to keep it' : ''}
      {...(hint ? { description: hint } : {})}
    />
  )
}
