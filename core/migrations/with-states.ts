import { db, type Prisma, type Restore, type RestoreTask } from '@/lib/db'
import type { MigrationState } from '@/protocol/migration-link'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'
import { stateOf } from './migration-state'

const include = {
  worker: true,
  instance: true,
  backup: { include: { instance: true, plan: { select: { name: true } } } },
} satisfies Prisma.MigrationInclude

export type MigrationRow = Prisma.MigrationGetPayload<{ include: typeof include }>
type RestoreRow = Restore & { tasks: RestoreTask[] }

/** Migrations, newest first, each with its restore (null: none was asked for), how far it has come, and what went wrong at last. */
export async function listWithStates(
  where: Prisma.MigrationWhereInput,
  now: Date,
  limit = 1000,
): Promise<{ row: MigrationRow; restore: RestoreRow | null; state: MigrationState; problem: ProblemFacts | null }[]> {
  const rows = await db().migration.findMany({ where, include, orderBy: { createdAt: 'desc' }, take: limit })
  const restores = await db().restore.findMany({
    where: { id: { in: rows.flatMap(({ restoreId }) => restoreId ?? []) } },
    include: { tasks: true },
  })
  return rows.map((row) => {
    const restore = restores.find(({ id }) => id === row.restoreId) ?? null
    const problem = problemSchema
      .nullable()
      .catch(null)
      .parse(row.problem ?? restore?.problem ?? null)
    return { row, restore, state: stateOf(row, restore, now), problem }
  })
}
