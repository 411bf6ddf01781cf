'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import { CheckboxField, SelectField, TextField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Notice } from '@/components/ui/notice'
import { saveText } from './save-text'

/** Encryption of a new remote: passwords made in this browser, and a text that must be kept before the remote is saved. */
export function CryptFields() {
  const [wanted, setWanted] = useState(false)
  const [own, setOwn] = useState(false)
  const [made, setMade] = useState<{ password: string; salt: string } | null>(null)
  return (
    <Card
      title="Encryption"
      description="What lies on the remote can be made unreadable for whoever holds it. It is encrypted on the worker, by rclone’s crypt."
    >
      <div className="space-y-5">
        <CheckboxField
          name="encrypt"
          label="Encrypt all that lies in the base folder"
          description="For an empty folder, or one that is encrypted already. This cannot be changed later."
          checked={wanted}
          onChange={(event) => {
            setWanted(event.target.checked)
            setMade({ password: randomText(), salt: randomText() })
          }}
        />
        {wanted && made && (
          <>
            <CheckboxField
              name="cryptOwn"
              label="The folder is encrypted already: enter its passwords"
              checked={own}
              onChange={(event) => setOwn(event.target.checked)}
            />
            {own ? (
              <div className="grid gap-5 sm:grid-cols-2">
                <TextField name="cryptPassword" label="Password" type="password" autoComplete="new-password" />
                <TextField
                  name="cryptSalt"
                  label="Second password (salt)"
                  type="password"
                  optional
                  autoComplete="new-password"
                />
              </div>
            ) : (
              <>
                <input type="hidden" name="cryptPassword" value={made.password} />
                <input type="hidden" name="cryptSalt" value={made.salt} />
              </>
            )}
            <Names />
            {!own && <RecoveryText {...made} />}
            <CheckboxField
              name="cryptSaved"
              label={own ? 'These passwords are kept in a safe place' : 'I have saved this text in a safe place'}
              description="Outside of Talekeeper, and not on the remote. If the dashboard is lost, only these passwords open the backups; nobody can make them anew."
            />
          </>
        )}
      </div>
    </Card>
  )
}

function Names() {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SelectField
        name="cryptNames"
        label="Names of files"
        defaultValue="standard"
        options={[
          { value: 'standard', label: 'Encrypted' },
          { value: 'obfuscate', label: 'Scrambled only' },
          { value: 'off', label: 'Readable' },
        ]}
      />
      <SelectField
        name="cryptFolders"
        label="Names of folders"
        defaultValue="true"
        options={[
          { value: 'true', label: 'As those of files' },
          { value: 'false', label: 'Readable' },
        ]}
      />
    </div>
  )
}

function RecoveryText({ password, salt }: { password: string; salt: string }) {
  const text = [
    'Talekeeper: passwords of an encrypted remote. Keep this text in a safe place.',
    `Made: ${new Date().toISOString().slice(0, 10)}`,
    `Password: ${password}`,
    `Second password (salt): ${salt}`,
    'Without a dashboard, rclone opens the folder as a remote of type crypt over it, with both passwords.',
  ].join('\n')
  return (
    <Notice tone="warning" title="Save this text before you go on">
      <div className="space-y-3 text-text">
        <CodeBlock text={text} label="Text to keep" />
        <Button size="sm" onClick={() => saveText('talekeeper-encrypted-remote.txt', `${text}\n`)}>
          <Download aria-hidden />
          Download it
        </Button>
      </div>
    </Notice>
  )
}

function randomText(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))
}
