import { type Answer, askWorker } from '@/core/asks/ask-worker'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { remotesOfInput } from './remotes-of-input'
import type { RemoteInput } from './schema'

export type RemoteFolders = Answer<'list-folder'>

const answerSeconds = 45

/**
 * The folders in one of a remote that is being entered, for its base folder to be chosen; `make` makes it first, which is
 * audited. Throws Problem: of incomplete settings, of askWorker, or what the worker refuses.
 */
export async function browseRemote(
  actor: Actor,
  input: RemoteInput,
  options: { workerId: string; savedId: string | null; folder: string; make: boolean },
): Promise<RemoteFolders> {
  const { folder, make } = options
  const { remote } = await remotesOfInput(input, options.savedId)
  const folders = await askWorker(options.workerId, { question: 'list-folder', remote, folder, make }, answerSeconds)
  if (make)
    await db().$transaction((transaction) =>
      recordAuditEvent(transaction, {
        actor,
        action: 'remote.make-folder',
        subject: { kind: 'remote', id: remote.id },
        detail: { backend: remote.backend, folder },
      }),
    )
  return folders
}
