import { z } from 'zod'
import type { Db, Transaction, Worker } from '@/lib/db'
import type { InPlaceSpec } from '@/protocol/specs'

const settingsSchema = z.object({ path: z.string() })

/**
 * Where trees of another instance's backup belong on a worker's host: with its own sources of the same slugs. Of its own instance
 * none, since those go back where they were.
 */
export async function targetTrees(
  transaction: Db | Transaction,
  worker: Pick<Worker, 'id' | 'instanceId'>,
  backupInstanceId: string,
): Promise<InPlaceSpec['target']['trees']> {
  if (worker.instanceId === backupInstanceId) return []
  const sources = await transaction.source.findMany({
    where: { workerId: worker.id, kind: 'tree' },
    orderBy: { slug: 'asc' },
    select: { slug: true, settings: true },
  })
  return sources.map(({ slug, settings }) => ({ source: slug, path: settingsSchema.parse(settings).path }))
}
