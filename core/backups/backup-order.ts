import { Prisma } from '@/lib/db'
import type { BackupOrder, BackupSort } from './sort-rules'

const columns: Record<BackupSort, Prisma.Sql> = {
  when: Prisma.sql`b.requestedAt`,
  instance: Prisma.sql`(SELECT name FROM Instance WHERE id = b.instanceId) COLLATE NOCASE`,
  state: Prisma.sql`CASE b.state WHEN 'failed' THEN 0 WHEN 'lost' THEN 1 WHEN 'warning' THEN 2 WHEN 'cancelled' THEN 3
    WHEN 'skipped' THEN 4 WHEN 'running' THEN 5 WHEN 'queued' THEN 6 ELSE 7 END`,
  took: Prisma.sql`(julianday(b.finishedAt) - julianday(b.startedAt))`,
  size: Prisma.sql`b.bytes`,
}

/** ORDER BY for the table Backup, named `b`; among equals the newest stands first, and what took no time stands last. */
export function orderOf({ by, direction }: BackupOrder): Prisma.Sql {
  const way = direction === 'ascending' ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const last = by === 'took' ? Prisma.sql`NULLS LAST` : Prisma.empty
  return Prisma.sql`ORDER BY ${columns[by]} ${way} ${last}, b.sequence ${by === 'when' ? way : Prisma.sql`DESC`}`
}
