import { type BackupWarning, db } from '@/lib/db'

export type WarningItem = { id: number; text: string; where: string | null }

/** Warnings of one code and one source. */
export type WarningGroup = {
  code: string
  source: string | null
  count: number
  /** the first; the others come a page at a time */
  first: WarningItem[]
}

const mostGroups = 50
const shownAtOnce = 5
const warningsPerPage = 100

/** The named warnings of a backup by code and source, the largest group first. */
export async function getWarningGroups(backupId: string): Promise<WarningGroup[]> {
  const counted = await db().backupWarning.groupBy({
    by: ['code', 'source'],
    where: { backupId },
    _count: { id: true },
    orderBy: { _count: { id: 'desc' } },
    take: mostGroups,
  })
  return Promise.all(
    counted.map(async ({ code, source, _count }) => {
      const { items } = await findPage({ backupId, code, source }, 0, shownAtOnce)
      return { code, source, count: _count.id, first: items }
    }),
  )
}

/** A page of one group: those after an id. */
export function getWarnings(
  backupId: string,
  { code, source, after }: { code: string; source: string | null; after: number },
): Promise<{ items: WarningItem[]; hasMore: boolean }> {
  return findPage({ backupId, code, source }, after, warningsPerPage)
}

async function findPage(group: { backupId: string; code: string; source: string | null }, after: number, take: number) {
  const rows = await db().backupWarning.findMany({
    where: { ...group, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: take + 1,
  })
  return { items: rows.slice(0, take).map(toItem), hasMore: rows.length > take }
}

function toItem({ id, text, where }: BackupWarning): WarningItem {
  return { id, text, where }
}
