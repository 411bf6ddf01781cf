import { findProfile } from '@/core/fix-up-profiles/find-profile'
import { fixUpLines } from '@/core/fix-up-profiles/fix-up-lines'
import { storedFixUpsSchema } from '@/core/fix-up-profiles/stored-fix-ups'
import { storedCheckSchema } from '@/core/restores/stored-check'
import { storedTargetSchema } from '@/core/restores/target'
import type { Prisma, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { selectionSchema } from '@/protocol/selection'
import { acceptedSchema, type RefreshRequest, refreshRequestSchema } from './refresh-request'

const include = {
  tasks: true,
  backup: { include: { plan: true, instance: true } },
  instance: { include: { refresh: { select: { id: true } } } },
} satisfies Prisma.RestoreInclude
type Row = Prisma.RestoreGetPayload<{ include: typeof include }>

/** A restore that a refresh may repeat, and how. */
export type Repeatable = {
  instance: Row['instance']
  plan: { id: string; name: string; instanceName: string }
  request: RefreshRequest
  accepted: string[]
}

/**
 * Only what a person has seen succeed once is repeated unattended: the exchange of a whole or part of another instance by the newest
 * backup of a plan, never into production, and with programs that stop who writes there. Throws Problem `not-found`, `not-repeatable`.
 */
export async function findRepeatable(transaction: Transaction, restoreId: string): Promise<Repeatable> {
  const restore = await transaction.restore.findUnique({ where: { id: restoreId }, include })
  if (!restore)
    throw new Problem({ code: 'not-found', text: 'There is no such restore.', action: 'Go back to the list.' })
  const { backup, instance } = restore
  const refusal = refusalOf(restore)
  if (refusal) throw new Problem({ code: 'not-repeatable', ...refusal })
  if (!backup?.plan) throw new Problem({ code: 'not-repeatable', ...withoutPlan })
  return {
    instance,
    plan: { id: backup.plan.id, name: backup.plan.name, instanceName: backup.instance.name },
    request: await requestOf(transaction, restore),
    accepted: acceptedSchema.parse(storedCheckSchema.nullable().parse(restore.check)?.accepted ?? []),
  }
}

const withoutPlan = { text: 'The plan that made this backup was deleted, so that there will be no newer one.' }

/** What stands against it; null: nothing. */
function refusalOf({ state, tasks, backup, instance }: Row): { text: string; action?: string } | null {
  const target = storedTargetSchema.safeParse(tasks[0]?.target).data
  if (instance.environment === 'production')
    return { text: 'Production’s data is never exchanged without somebody who looks on.' }
  if (!backup || target?.kind !== 'inPlace' || backup.instanceId === instance.id)
    return { text: 'A refresh repeats a restore of another instance in place.' }
  if (state !== 'succeeded' && state !== 'warning') return { text: 'This restore has not succeeded.' }
  if (target.writers !== 'command')
    return {
      text: 'Nobody is there at night to say that nothing writes.',
      action:
        'Name programs that stop and start what writes there in the policy file of the host, restore once with them, and repeat that.',
    }
  if (instance.refresh) return { text: `${instance.name} has a refresh already.`, action: 'Delete that one first.' }
  return null
}

async function requestOf(transaction: Transaction, restore: Row): Promise<RefreshRequest> {
  const task = restore.tasks[0]
  const target = storedTargetSchema.parse(task?.target)
  return refreshRequestSchema.parse({
    ...{ workerId: task?.workerId, remoteId: restore.remoteId, mongodbSourceId: target.mongodb?.sourceId ?? null },
    artifacts: restore.artifacts,
    selection: selectionSchema.nullable().parse(restore.selection),
    inPlace: { writers: 'command', safety: target.kind === 'inPlace' && target.safetyBackupId !== null },
    fixUps: restore.fixUps === null ? null : { without: await leftOut(transaction, restore) },
  })
}

/** Fix-ups of the instance that this restore went without. */
async function leftOut(transaction: Transaction, { instanceId, fixUps }: Row): Promise<string[]> {
  const profile = await findProfile(instanceId, transaction)
  const applied = fixUpLines(storedFixUpsSchema.parse(fixUps)).map(({ key }) => key)
  return profile ? fixUpLines(profile).flatMap(({ key }) => (applied.includes(key) ? [] : [key])) : []
}
