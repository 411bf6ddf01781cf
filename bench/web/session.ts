import { encode } from 'next-auth/jwt'
import { db } from '@/lib/db'

/** next-auth's name of the cookie over plain HTTP, which is also what it is encrypted for */
const cookieName = 'authjs.session-token'

/** A signed-in administrator's cookie. */
export async function openSession(environment: Record<string, string>): Promise<string> {
  const email = 'bench@example.org'
  const user = await db().user.upsert({
    where: { email },
    create: { email, name: 'Bench', role: 'admin', passwordHash: '' },
    update: {},
  })
  const expiresAt = new Date(Date.now() + 86_400_000)
  const { id } = await db().session.create({ data: { userId: user.id, expiresAt } })
  const token = await encode({ token: { sub: id }, secret: environment.AUTH_SECRET ?? '', salt: cookieName })
  return `${cookieName}=${token}`
}
