import { Problem } from '@/protocol/problem'
import { readSecret } from './read-secret'

/** The one-time token of an enrolment. Throws Problem `invalid-token`, and that of readSecret. */
export async function readToken(file: string): Promise<string> {
  const token = await readSecret(file, { noun: 'token', option: '--token-file' })
  if (/^[\x21-\x7e]{20,200}$/.test(token)) return token
  throw new Problem({
    code: 'invalid-token',
    text: token ? 'That does not look like an enrolment token.' : 'There is no enrolment token.',
    action: 'Copy the whole token that the dashboard shows under "Enrol a worker".',
    where: file === '-' ? 'stdin' : file,
  })
}
