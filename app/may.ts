import type { Actor } from '@/core/audit/actor'
import { hasRight, type Right } from '@/core/users/rights'

/** Whether to show what needs this right. The action behind it checks again. */
export function may(actor: Actor, right: Right): boolean {
  return actor.role !== undefined && hasRight(actor.role, right)
}
