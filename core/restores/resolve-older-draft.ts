import type { Actor } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'
import { findOlderFile, olderPlaceSchema } from './find-older-file'
import { listRestoreTargets, type RestoreTarget } from './list-restore-targets'
import type { OlderDraft } from './older-draft'
import type { OlderFile } from './older-file'
import { olderLines } from './older-lines'
import { refusalOf } from './restore-rules'

export type ResolvedOlderDraft = {
  file: OlderFile
  remote: { id: string; name: string }
  /** workers of the instances that the person may restore into */
  targets: RestoreTarget[]
  /** null: there is none */
  target: RestoreTarget | null
  /** null: none is needed, or the worker has none */
  mongodbSourceId: string | null
  isOther: boolean
  lines: CheckLine[]
}

/**
 * Fills what a person left open with what is usual: the first worker of the instance in whose folder the file lies, and its first
 * MongoDB. Throws Problem `older-file-not-found`, `remote-not-found`.
 */
export async function resolveOlderDraft(
  actor: Pick<Actor, 'kind' | 'role'>,
  remoteId: string,
  draft: OlderDraft,
): Promise<ResolvedOlderDraft> {
  const remote = await db().remote.findUnique({ where: { id: remoteId }, select: { id: true, name: true } })
  const place = olderPlaceSchema.safeParse({ remoteId, ...draft })
  if (!remote || !place.success)
    throw new Problem({ code: 'remote-not-found', text: 'There is no such file.', action: 'Go back to the remote.' })
  const file = await findOlderFile(db(), place.data)
  const isOtherThan = ({ instance }: RestoreTarget) => instance.id !== file.instance.id
  const targets = (await listRestoreTargets(file.instance.id)).filter(
    (target) => refusalOf(actor, { environment: target.instance.environment, isOther: isOtherThan(target) }) === null,
  )
  const target = targets.find(({ id }) => id === draft.workerId) ?? targets[0] ?? null
  const sources = file.holds === 'mongodb' && target ? target.mongodbSources : []
  return {
    ...{ file, remote, targets, target },
    mongodbSourceId: (sources.find(({ id }) => id === draft.mongodbSourceId) ?? sources[0])?.id ?? null,
    isOther: target !== null && isOtherThan(target),
    lines: target
      ? await olderLines(db(), { file, remoteId, worker: { ...target, instanceId: target.instance.id } })
      : [],
  }
}
