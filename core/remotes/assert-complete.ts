import { Problem } from '@/protocol/problem'
import type { Backend } from '@/protocol/remotes'
import type { RemoteSecrets } from './remote-spec'

/** Throws Problem `secret-missing` where a backend cannot sign in with the secrets there are. */
export function assertComplete(backend: Backend, secrets: RemoteSecrets): void {
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
