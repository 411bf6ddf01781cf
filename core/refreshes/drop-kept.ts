import { control } from '@/core/audit/actor'
import { isOpen } from '@/core/restores/is-open'
import { keepsBeside } from '@/core/restores/kept-beside'
import { requestEnd } from '@/core/restores/request-end'
import { Problem, problemSchema } from '@/protocol/problem'
import type { RefreshRow } from './with-times'

/**
 * Has what earlier runs keep beside dropped: there is room for one old copy, and of one tree a worker keeps no second. True while
 * there is something. Throws Problem `old-copy-left`, and those of requestEnd.
 */
export async function dropKept({ restores, instance }: RefreshRow): Promise<boolean> {
  let isThere = false
  for (const { id, tasks } of restores)
    for (const { exchange, discardState, discardProblem } of tasks) {
      if (!keepsBeside(exchange)) continue
      isThere = true
      if (isOpen(discardState)) continue
      if (discardState === 'failed' || discardState === 'lost') throw oldCopyLeft(discardProblem)
      await drop(id, instance.slug)
    }
  return isThere
}

async function drop(restoreId: string, typedSlug: string): Promise<void> {
  try {
    await requestEnd(control, restoreId, { end: 'drop', typedSlug })
  } catch (error) {
    // somebody undoes or drops it at this moment
    if (!(error instanceof Problem && error.code === 'nothing-to-end')) throw error
  }
}

function oldCopyLeft(stored: unknown): Problem {
  const reason = problemSchema.nullable().catch(null).parse(stored)
  return new Problem({
    code: 'old-copy-left',
    text: `What its last run keeps beside could not be dropped${reason ? `: ${reason.text}` : '.'}`.slice(0, 2000),
    action: 'Drop it on the page of that restore.',
  })
}
