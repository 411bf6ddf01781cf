import type { Actor } from '@/core/audit/actor'
import type { Prisma } from '@/lib/db'
import { exchangeSchema } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { refusalOf } from './restore-rules'
import { storedTargetSchema } from './target'

/** The task of a restore in place that this person may end. Throws Problem `unknown-restore`, `forbidden`. */
export async function findInPlaceTask(transaction: Prisma.TransactionClient, actor: Actor, restoreId: string) {
  const task = await transaction.restoreTask.findFirst({
    where: { restoreId },
    include: { worker: true, restore: { include: { instance: true } } },
  })
  if (!task) throw unknownRestore()
  const target = storedTargetSchema.parse(task.target)
  if (target.kind !== 'inPlace') throw unknownRestore()
  const { environment } = task.restore.instance
  const refusal = refusalOf(actor, { environment, isOther: false, isInPlace: true })
  if (refusal) throw refusal
  return { task, target, exchange: exchangeSchema.nullable().parse(task.exchange) }
}

/** What removes an old copy names the instance first. Throws Problem `slug-not-typed`. */
export function requireSlug(typedSlug: string | null, slug: string): void {
  if (typedSlug === slug) return
  throw new Problem({
    code: 'slug-not-typed',
    text: `Type “${slug}”: what is dropped cannot be brought back.`,
    where: 'typedName',
  })
}

function unknownRestore(): Problem {
  return new Problem({ code: 'unknown-restore', text: 'There is no such restore in place.' })
}
