import type { Actor } from '@/core/audit/actor'
import { currentSession } from '@/lib/auth'
import { Problem } from '@/protocol/problem'
import { hasRight, type Right } from './rights'

/**
 * Who makes this request, if they may. Every page, action and route begins with it.
 * Throws Problem `unauthenticated` or `forbidden`.
 */
export async function authorize(right: Right): Promise<Actor> {
  const session = await currentSession()
  if (!session)
    throw new Problem({
      code: 'unauthenticated',
      text: 'You are not signed in, or your session was ended.',
      action: 'Sign in and try again.',
    })
  const { id, name, role } = session.user
  if (!hasRight(role, right))
    throw new Problem({
      code: 'forbidden',
      text: `Your role (${role}) does not allow this.`,
      action: 'Ask an administrator to do it, or to change your role.',
    })
  return { kind: 'user', id, name, role }
}
