import { db } from '@/lib/db'
import { exchangeSchema } from '@/protocol/events'

/** How many restores in place of an instance still keep something beside. */
export async function keptBeside(instanceId: string): Promise<number> {
  const tasks = await db().restoreTask.findMany({ where: { restore: { instanceId } }, select: { exchange: true } })
  return tasks.filter(({ exchange }) => keepsBeside(exchange)).length
}

/** Whether a restore whose exchange stands like this keeps something beside. */
export function keepsBeside(exchange: unknown): boolean {
  const state = exchangeSchema.safeParse(exchange).data?.state
  return state === 'swapped' || state === 'undone' || state === 'committed'
}
