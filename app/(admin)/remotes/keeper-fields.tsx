'use client'

import { CheckboxField, TextField } from '@/components/form/fields'
import { Card } from '@/components/ui/card'
import { keeperOptions } from '@/protocol/keeper-options'
import type { Backend } from '@/protocol/remotes'
import { SecretField, SecretTextarea } from './secret-fields'

const labels: Record<string, string> = {
  user: 'User',
  pass: 'Password',
  key_pem: 'Private key',
  access_key_id: 'Access key id',
  secret_access_key: 'Secret access key',
  account: 'Key id',
  key: 'Key',
  bearer_token: 'Bearer token',
  sas_url: 'SAS address',
  connection_string: 'Connection string',
  service_account_credentials: 'Key of the service account',
}
const long = ['key_pem', 'service_account_credentials']

/** A second credential that only deletions use, so that the usual one need not be able to delete. Empty for those that have none. */
export function KeeperFields({ backend, saved }: { backend: Backend; saved: boolean }) {
  const names = keeperOptions[backend]
  if (!names) return null
  return (
    <Card
      title="Keeper"
      description="A second credential, which only deletions get. The one above then needs no right to delete or overwrite, and a stolen worker cannot destroy backups. The test proves it."
    >
      <div className="space-y-5">
        {saved && <p className="text-sm">A keeper is saved. Fill these fields in to replace it as a whole.</p>}
        {names.plain.map((name) => (
          <TextField key={name} name={`keeper-${name}`} label={`Keeper: ${labels[name]}`} optional spellCheck={false} />
        ))}
        {names.secret.map((name) => {
          const props = { name: `keeper-${name}`, label: `Keeper: ${labels[name]}`, saved: [] }
          return long.includes(name) ? <SecretTextarea key={name} {...props} /> : <SecretField key={name} {...props} />
        })}
        {saved && <CheckboxField name="forgetKeeper" label="Forget the saved keeper" />}
      </div>
    </Card>
  )
}
