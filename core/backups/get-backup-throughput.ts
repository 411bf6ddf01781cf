import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { pointsOf, type ThroughputPoint, throughputSchema } from './throughput'

/** How fast a backup went so far, as a chart draws it; empty where nothing was recorded. Throws Problem `not-found`. */
export async function getBackupThroughput(id: string): Promise<ThroughputPoint[]> {
  const backup = await db().backup.findUnique({ where: { id }, select: { throughput: true } })
  if (!backup) throw new Problem({ code: 'not-found', text: 'There is no such backup.' })
  const throughput = throughputSchema.nullable().catch(null).parse(backup.throughput)
  return throughput ? pointsOf(throughput) : []
}
