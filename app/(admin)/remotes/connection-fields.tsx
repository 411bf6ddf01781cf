'use client'

import Link from 'next/link'
import { useState } from 'react'
import { CheckboxField, SelectField, TextField } from '@/components/form/fields'
import { Notice } from '@/components/ui/notice'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import { backendNames } from './backend-names'
import { connectionStateWords } from './connection-state-words'

type ConnectedBackend = 'box' | 'drive' | 'dropbox' | 'onedrive'
export type SavedConnection = {
  options: Record<string, string>
  connection: { id: string } | null
  deletesForEver: boolean
}

/** The connection that a remote takes its access from, and which of the account's drives or folders it means. */
export function ConnectionFields({
  backend,
  saved: { options, connection, deletesForEver },
  connections,
}: {
  backend: ConnectedBackend
  saved: SavedConnection
  connections: ConnectionChoice[]
}) {
  const choices = connections.filter(({ provider }) => provider === backend)
  const [chosenId, setChosenId] = useState(connection?.id ?? choices[0]?.id ?? '')
  const chosen = choices.find(({ id }) => id === chosenId)
  const name = backendNames[backend]
  return (
    <>
      {choices.length === 0 ? (
        <Notice title={`No connection to ${name} yet`}>
          <p>
            A connection is the account that backups go to.{' '}
            <Link href="/connections" className="font-medium underline underline-offset-4">
              Add a connection
            </Link>
            , then come back.
          </p>
        </Notice>
      ) : (
        <SelectField
          name="connectionId"
          label="Connection"
          value={chosenId}
          onChange={(event) => setChosenId(event.target.value)}
          options={choices.map(({ id, name, state }) => ({
            value: id,
            label: state === 'connected' ? name : `${name} (${connectionStateWords[state]})`,
          }))}
          description={
            <Link href="/connections" className="underline underline-offset-4">
              Add a connection
            </Link>
          }
        />
      )}
      {chosen && chosen.state !== 'connected' && (
        <Notice tone="warning" title={`${chosen.name}: ${connectionStateWords[chosen.state]}`}>
          <p>
            Backups and tests fail until it is connected.{' '}
            <Link href={`/connections/${chosen.id}`} className="font-medium underline underline-offset-4">
              Connect it
            </Link>
          </p>
        </Notice>
      )}
      {backend === 'box' && <BoxFields options={options} deletesForEver={deletesForEver} />}
      {backend === 'drive' && <DriveFields options={options} />}
      {backend === 'onedrive' && <OneDriveFields key={chosenId} options={options} drive={chosen?.drive ?? null} />}
    </>
  )
}

function BoxFields({ options, deletesForEver }: Pick<SavedConnection, 'options' | 'deletesForEver'>) {
  return (
    <>
      <TextField
        name="root_folder_id"
        label="Folder id"
        optional
        inputMode="numeric"
        defaultValue={options.root_folder_id}
        description="The number at the end of the folder’s address in Box. The base folder is made inside it, and nothing outside is touched; empty: the account’s first folder."
      />
      <CheckboxField
        name="deletesForEver"
        label="Delete for ever"
        defaultChecked={deletesForEver}
        description="A deleted backup is taken out of Box’s trash too, which frees its space at once; nobody can bring it back. Unticked, it lies in the trash for 30 days or as your administrator has set, and counts against the quota. Everything else in the trash stays either way."
      />
    </>
  )
}

function DriveFields({ options }: { options: Record<string, string> }) {
  return (
    <>
      <TextField
        name="team_drive"
        label="Shared drive id"
        optional
        spellCheck={false}
        defaultValue={options.team_drive}
        description="What stands after “folders/” in the shared drive’s address. Empty: My Drive."
      />
      <TextField
        name="root_folder_id"
        label="Folder id"
        optional
        spellCheck={false}
        defaultValue={options.root_folder_id}
        description="What stands after “folders/” in the folder’s address. The base folder is made inside it."
      />
    </>
  )
}

function OneDriveFields({
  options,
  drive,
}: {
  options: Record<string, string>
  drive: { id: string; type: string } | null
}) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <TextField
        name="drive_id"
        label="Drive id"
        spellCheck={false}
        defaultValue={options.drive_id ?? drive?.id}
        description={drive ? 'The account’s own drive is filled in.' : 'As Microsoft Graph names the drive.'}
      />
      <SelectField
        name="drive_type"
        label="Type of drive"
        defaultValue={options.drive_type ?? drive?.type ?? 'business'}
        options={[
          { value: 'business', label: 'OneDrive for Business' },
          { value: 'personal', label: 'OneDrive, personal' },
          { value: 'documentLibrary', label: 'SharePoint library' },
        ]}
      />
    </div>
  )
}
