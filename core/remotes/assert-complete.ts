import { requiredOptions } from '@/protocol/advanced-options'
import { Problem } from '@/protocol/problem'
import type { Backend } from '@/protocol/remotes'
import type { RemoteSecrets } from './remote-spec'

/** Throws Problem `secret-missing` where a backend cannot sign in with what there is. */
export function assertComplete(backend: Backend, options: Record<string, string>, secrets: RemoteSecrets): void {
  const missing = requiredOptions(backend).find((name) => !options[name] && !secrets[name])
  if (missing) throw secretMissing(missing, `This kind of remote needs “${missing}”.`, 'Fill it in.')
  if (backend === 'sftp' && !secrets.pass && !secrets.key_pem)
    throw secretMissing('pass', 'SFTP needs a password or a private key.', 'Enter one of the two.')
  if (backend === 's3' && !secrets.secret_access_key)
    throw secretMissing(
      'secret_access_key',
      'S3 needs the secret access key.',
      'Enter the secret that belongs to the access key’s id.',
    )
}

function secretMissing(where: string, text: string, action: string): Problem {
  return new Problem({ code: 'secret-missing', text, action, where })
}
