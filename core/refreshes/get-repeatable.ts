import { db } from '@/lib/db'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import { findRepeatable, type Repeatable } from './repeatable'

/** How a restore would be repeated, or what stands against it. Throws Problem `not-found`. */
export async function getRepeatable(restoreId: string): Promise<Repeatable | { problem: ProblemFacts }> {
  try {
    return await findRepeatable(db(), restoreId)
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-repeatable') return { problem: error.toFacts() }
    throw error
  }
}
