import type { Actor } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * The person in whose name control does what they asked for earlier, with the rights that they have now. Throws Problem `maker-gone`,
 * as nothing is done for somebody who may not sign in any more.
 */
export async function makerOf({ createdById }: { createdById: string }): Promise<Actor> {
  const user = await db().user.findUnique({ where: { id: createdById } })
  if (user && user.disabledAt === null) return { kind: 'user', id: user.id, name: user.name, role: user.role }
  throw new Problem({
    code: 'maker-gone',
    text: 'Whoever made this is no user of this dashboard any more.',
    action: 'Make it anew.',
  })
}
