import { db, type Part } from '@/lib/db'

export type BackupPart = { number: number; bytes: number; rawBytes: number; sha256: string; checked: string }

/** Shown at once; the others come a page at a time. */
export const firstParts = 20
const partsPerPage = 200

/** A page of the parts of one artifact, in order: those after a number. Empty where there are none. */
export async function getBackupParts(
  backupId: string,
  { artifact, after }: { artifact: string; after: number },
): Promise<{ items: BackupPart[]; hasMore: boolean }> {
  const rows = await db().part.findMany({
    where: { artifact: { backupId, name: artifact }, number: { gt: after } },
    orderBy: { number: 'asc' },
    take: partsPerPage + 1,
  })
  return { items: rows.slice(0, partsPerPage).map(toPart), hasMore: rows.length > partsPerPage }
}

export function toPart({ number, bytes, rawBytes, sha256, checked }: Part): BackupPart {
  return { number, bytes: Number(bytes), rawBytes: Number(rawBytes), sha256, checked }
}
