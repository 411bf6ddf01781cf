import { type Answer, askWorker } from '@/core/asks/ask-worker'
import { accountOf } from '@/core/connections/account'
import { db } from '@/lib/db'
import { remotesOfInput } from './remotes-of-input'
import type { RemoteInput } from './schema'

export type RemoteTest = Answer<'test-remote'> & {
  /** of the connection's account; null: not known */
  largestFileBytes: number | null
}

/**
 * Lets a worker try what is typed in the form, saved or not: secrets left empty are those of the saved remote `savedId`.
 * Throws Problem: of incomplete settings, of askWorker, or what the worker refuses.
 */
export async function testRemote(
  input: RemoteInput,
  options: { workerId: string; savedId: string | null },
): Promise<RemoteTest> {
  const { remote, keeper } = await remotesOfInput(input, options.savedId)
  const [answer, largestFileBytes] = await Promise.all([
    askWorker(options.workerId, { question: 'test-remote', remote, keeper }),
    largestFileOf(input.connectionId),
  ])
  return { ...answer, largestFileBytes }
}

async function largestFileOf(connectionId: string | undefined): Promise<number | null> {
  if (connectionId === undefined) return null
  const connection = await db().connection.findUnique({ where: { id: connectionId }, select: { account: true } })
  return accountOf(connection?.account ?? null)?.largestFileBytes ?? null
}
