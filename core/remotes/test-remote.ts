import { randomUUID } from 'node:crypto'
import { type Answer, askWorker } from '@/core/asks/ask-worker'
import { db } from '@/lib/db'
import type { Remote } from '@/protocol/remotes'
import { assertComplete } from './assert-complete'
import { findRemote } from './find-remote'
import { mergeSecrets, plainOptions } from './input-options'
import { parseRemote, unsealSecrets } from './remote-spec'
import type { RemoteInput } from './schema'

export type RemoteTest = Answer<'test-remote'>

/**
 * Lets a worker try what is typed in the form, saved or not: secrets left empty are those of the saved remote `savedId`.
 * Throws Problem: of incomplete settings, of askWorker, or what the worker refuses.
 */
export async function testRemote(
  input: RemoteInput,
  options: { workerId: string; savedId: string | null },
): Promise<RemoteTest> {
  const remote = await remoteOf(input, options.savedId)
  return askWorker(options.workerId, { question: 'test-remote', remote })
}

async function remoteOf(input: RemoteInput, savedId: string | null): Promise<Remote> {
  const saved = savedId ? await findRemote(db(), savedId) : null
  const secrets = mergeSecrets(saved ? unsealSecrets(saved) : {}, input)
  assertComplete(input.backend, plainOptions(input), secrets)
  return parseRemote({
    id: savedId ?? randomUUID(),
    backend: input.backend,
    baseFolder: input.baseFolder,
    connectionId: input.connectionId,
    options: { ...plainOptions(input), ...secrets },
  })
}
