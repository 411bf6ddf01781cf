import { randomUUID } from 'node:crypto'
import { db } from '@/lib/db'
import type { Remote } from '@/protocol/remotes'
import { assertComplete } from './assert-complete'
import { findRemote } from './find-remote'
import { deletesForEver, limitsOf, mergeKeeper, mergeSecrets, plainOptions, presentSecrets } from './input-options'
import { unsealKeeper, withKeeper } from './keeper'
import { assembleRemote, unsealSecrets } from './remote-spec'
import type { RemoteInput } from './schema'

/**
 * What is typed in the form as a worker is told of it, saved or not, with each of its credentials: secrets left empty are those
 * of the saved remote `savedId`. Throws Problem of incomplete settings.
 */
export async function remotesOfInput(
  input: RemoteInput,
  savedId: string | null,
): Promise<{ remote: Remote; keeper: Remote | null }> {
  const saved = savedId ? await findRemote(db(), savedId) : null
  const secrets = saved ? mergeSecrets(unsealSecrets(saved), input) : presentSecrets(input)
  assertComplete(input.backend, plainOptions(input), secrets)
  const row = {
    ...{ id: savedId ?? randomUUID(), backend: input.backend, baseFolder: input.baseFolder },
    ...{ connectionId: input.connectionId ?? null, options: plainOptions(input), limits: limitsOf(input) },
    deletesForEver: deletesForEver(input),
    crypt: saved ? saved.crypt : (input.crypt?.settings ?? null),
  }
  const keeper = mergeKeeper(saved ? unsealKeeper(saved) : null, input)
  return { remote: assembleRemote(row, secrets), keeper: keeper && withKeeper(row, secrets, keeper) }
}
