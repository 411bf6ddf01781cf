import { currentSession } from '@/lib/auth'
import { Problem } from '@/protocol/problem'

/** The session that makes this request: what is begun in one cannot be ended in another. Throws Problem `unauthenticated`. */
export async function currentSessionId(): Promise<string> {
  const session = await currentSession()
  if (session) return session.sessionId
  throw new Problem({ code: 'unauthenticated', text: 'You are not signed in.', action: 'Sign in and try again.' })
}
