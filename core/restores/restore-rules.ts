import type { Actor } from '@/core/audit/actor'
import { hasRight } from '@/core/users/rights'
import type { Environment } from '@/protocol/names'
import { Problem } from '@/protocol/problem'

/** Where a restore would write, as far as rights go by it. */
export type Destination = {
  environment: Environment
  /** what stands there is exchanged */
  isInPlace?: boolean
  /** another instance than the one that was backed up */
  isOther: boolean
}

/**
 * Who may restore, and where: viewers nowhere, operators everywhere but from another instance into production and in place
 * there, administrators everywhere. What control or the terminal asks for by itself is not judged. Null: allowed.
 */
export function refusalOf(actor: Pick<Actor, 'kind' | 'role'>, destination: Destination): Problem | null {
  if (actor.kind !== 'user') return null
  const { role } = actor
  if (!role || !hasRight(role, 'operate'))
    return new Problem({
      code: 'forbidden',
      text: `Your role (${role ?? 'none'}) does not allow restores.`,
      action: 'Ask an operator or an administrator to do it.',
    })
  if (needsSlug(destination) && !hasRight(role, 'administer'))
    return new Problem({
      code: 'forbidden',
      text: destination.isInPlace
        ? 'Only an administrator restores production in place.'
        : 'Only an administrator brings the data of another instance into production.',
      action: 'Choose another place, or ask an administrator.',
      where: 'workerId',
    })
  return null
}

/** Whether the instance's slug must be typed. */
export function needsSlug({ environment, isOther, isInPlace = false }: Destination): boolean {
  return (isOther || isInPlace) && environment === 'production'
}
