import { randomUUID } from 'node:crypto'
import { type Answer, askWorker } from '@/core/asks/ask-worker'
import { accountOf } from '@/core/connections/account'
import { db } from '@/lib/db'
import { assertComplete } from './assert-complete'
import { findRemote } from './find-remote'
import { limitsOf, mergeKeeper, mergeSecrets, plainOptions, presentSecrets } from './input-options'
import { unsealKeeper, withKeeper } from './keeper'
import { assembleRemote, unsealSecrets } from './remote-spec'
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
  const { remote, keeper } = await remotesOf(input, options.savedId)
  const [answer, largestFileBytes] = await Promise.all([
    askWorker(options.workerId, { question: 'test-remote', remote, keeper }),
    largestFileOf(input.connectionId),
  ])
  return { ...answer, largestFileBytes }
}

async function remotesOf(input: RemoteInput, savedId: string | null) {
  const saved = savedId ? await findRemote(db(), savedId) : null
  const secrets = saved ? mergeSecrets(unsealSecrets(saved), input) : presentSecrets(input)
  assertComplete(input.backend, plainOptions(input), secrets)
  const row = {
    ...{ id: savedId ?? randomUUID(), backend: input.backend, baseFolder: input.baseFolder },
    ...{ connectionId: input.connectionId ?? null, options: plainOptions(input), limits: limitsOf(input) },
    crypt: saved ? saved.crypt : (input.crypt?.settings ?? null),
  }
  const keeper = mergeKeeper(saved ? unsealKeeper(saved) : null, input)
  return { remote: assembleRemote(row, secrets), keeper: keeper && withKeeper(row, secrets, keeper) }
}

async function largestFileOf(connectionId: string | undefined): Promise<number | null> {
  if (connectionId === undefined) return null
  const connection = await db().connection.findUnique({ where: { id: connectionId }, select: { account: true } })
  return accountOf(connection?.account ?? null)?.largestFileBytes ?? null
}
