import type { Prisma, Restore, Transaction, Worker } from '@/lib/db'
import type { FixUps } from '@/protocol/fix-ups'
import { Problem } from '@/protocol/problem'
import { compareVersions } from '@/protocol/version'
import { secretsOf } from './find-profile'
import { withoutLines } from './fix-up-lines'
import { assembleFixUps, sealFixUpSecrets, storedFixUpsSchema, unsealFixUpSecrets } from './stored-fix-ups'

/** The first whose workers know of fix-ups; one before it would restore without them, and say nothing. */
const fixUpsProtocol = '1.1'

/**
 * A copy of the instance’s fix-ups for one restore, without what was unticked, and with a fresh key for pseudonyms: later changes
 * of the profile do not touch it. Throws Problem `worker-too-old`, `no-fix-ups`, or a ZodError for what no longer fits together.
 */
export async function takeFixUps(
  transaction: Transaction,
  worker: Pick<Worker, 'instanceId' | 'protocol' | 'slug'>,
  restore: { id: string; without: string[] },
): Promise<Pick<Prisma.RestoreUncheckedCreateInput, 'fixUps' | 'fixUpSecrets'>> {
  if (compareVersions(worker.protocol, fixUpsProtocol) < 0)
    throw new Problem({
      code: 'worker-too-old',
      text: `The worker “${worker.slug}” is too old to apply fix-ups.`,
      action: 'Upgrade Talekeeper on its host, or restore without fix-ups.',
      where: 'workerId',
    })
  const row = await transaction.fixUpProfile.findUnique({ where: { instanceId: worker.instanceId } })
  if (!row)
    throw new Problem({
      code: 'no-fix-ups',
      text: 'The target instance has no fix-ups.',
      action: 'Enter them on its page, or restore without them.',
    })
  const stored = withoutLines(storedFixUpsSchema.parse(row.fixUps), restore.without)
  const secrets = secretsOf(row)
  const { pseudonyms } = assembleFixUps(stored, secrets)
  const kept = Object.fromEntries(Object.entries(secrets).filter(([name]) => stored.secretNames.includes(name)))
  const all = pseudonyms ? { ...kept, pseudonyms: pseudonyms.key } : kept
  return { fixUps: stored, fixUpSecrets: sealFixUpSecrets(all, placeOf(restore.id)) }
}

/** What the worker is told of it; null: nothing is changed. */
export function fixUpsOf({ id, fixUps, fixUpSecrets }: Pick<Restore, 'id' | 'fixUps' | 'fixUpSecrets'>): FixUps | null {
  if (fixUps === null) return null
  return assembleFixUps(storedFixUpsSchema.parse(fixUps), unsealFixUpSecrets(fixUpSecrets, placeOf(id)))
}

function placeOf(row: string) {
  return { table: 'Restore' as const, row, field: 'fixUpSecrets' as const }
}
