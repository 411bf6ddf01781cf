import { z } from 'zod'
import { db } from '@/lib/db'
import type { Environment } from '@/protocol/names'
import type { MigrationState } from '@/protocol/migration-link'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import { fingerprintOf } from '@/protocol/worker-api'
import { isRedeemable } from './migration-state'
import { trustedNetworksSchema } from './networks'
import { listWithStates, type MigrationRow } from './with-states'

export type MigrationListItem = {
  id: string
  state: MigrationState
  instance: { slug: string; name: string; environment: Environment }
  workerSlug: string
  backup: { id: string; planName: string; instanceName: string; at: Date }
  createdAt: Date
  expiresAt: Date
}

export type MigrationDetail = MigrationListItem & {
  /** neither withdrawn nor too old */
  isRedeemable: boolean
  isInPlace: boolean
  /** in place also where data stands already */
  mayGoOntoData: boolean
  restoresDatabases: boolean
  reason: string | null
  trustedNetworks: string[]
  createdBy: string | null
  redeemedAt: Date | null
  worker: { id: string; fingerprint: string; hostName: string } | null
  restoreId: string | null
  problem: ProblemFacts | null
}

const requestSchema = z.object({
  inPlace: z.object({ requireEmpty: z.boolean().default(false) }).nullable(),
  reason: z.string().nullable(),
})

/** Throws Problem `migration-not-found`. */
export async function getMigration(id: string, now = new Date()): Promise<MigrationDetail> {
  const [found] = await listWithStates({ id }, now, 1)
  if (!found) throw new Problem({ code: 'migration-not-found', text: 'There is no such migration link.' })
  const { row, restore, state, problem } = found
  const { inPlace, reason } = requestSchema.parse(row.request)
  const maker = await db().user.findUnique({ where: { id: row.createdById }, select: { name: true } })
  return {
    ...toItem(row, state),
    isRedeemable: isRedeemable(row, now),
    isInPlace: inPlace !== null,
    mayGoOntoData: inPlace !== null && !inPlace.requireEmpty,
    restoresDatabases: row.connection !== null || row.mongodbSourceId !== null,
    reason,
    trustedNetworks: trustedNetworksSchema.parse(row.trustedNetworks),
    createdBy: maker?.name ?? null,
    redeemedAt: row.redeemedAt,
    worker: row.worker && {
      id: row.worker.id,
      fingerprint: fingerprintOf(row.worker.keySha256),
      hostName: row.worker.hostName,
    },
    restoreId: restore?.id ?? null,
    problem,
  }
}

/** The newest links, and at most so many. */
export async function listMigrations(limit: number, now = new Date()): Promise<MigrationListItem[]> {
  return (await listWithStates({}, now, limit)).map(({ row, state }) => toItem(row, state))
}

function toItem({ id, instance, workerSlug, backup, createdAt, expiresAt }: MigrationRow, state: MigrationState) {
  const { slug, name, environment } = instance
  return {
    ...{ id, state, workerSlug, createdAt, expiresAt },
    instance: { slug, name, environment },
    backup: {
      id: backup.id,
      planName: backup.plan?.name ?? backup.planSlug,
      instanceName: backup.instance.name,
      at: backup.startedAt ?? backup.requestedAt,
    },
  }
}
