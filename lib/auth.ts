import NextAuth, { AuthError, type NextAuthConfig } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { cache } from 'react'
import { controlPlaneEnv } from './env'
import { log } from './log'
import { findLiveSession, type LiveSession, redeemTicket } from './sessions'

/**
 * next-auth keeps the cookie and nothing else. Core checks a password and makes a session row with a one-time ticket; the only
 * provider redeems that ticket, the cookie holds the row's id, and each request looks the row up: revoking it works at once.
 * No /api/auth route exists: sign-in and sign-out are server actions.
 */
const cookieSeconds = 14 * 86_400

function makeConfig(): NextAuthConfig {
  const env = controlPlaneEnv()
  return {
    secret: env.authSecret,
    trustHost: true,
    useSecureCookies: env.publicUrl.startsWith('https://'),
    session: { strategy: 'jwt', maxAge: cookieSeconds },
    pages: { signIn: '/sign-in' },
    providers: [
      Credentials({
        credentials: { ticket: {} },
        authorize: async ({ ticket }) => {
          const sessionId = typeof ticket === 'string' ? await redeemTicket(ticket) : null
          return sessionId ? { id: sessionId } : null
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        const sessionId = user?.id ?? token.sub
        return sessionId ? { sub: sessionId } : null
      },
      session: async ({ session, token }) => ({
        ...session,
        live: token.sub ? await findLiveSession(token.sub) : null,
      }),
    },
    logger: {
      error: (error) => log.warn({ reason: error.name }, 'sign-in refused'),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}

const { auth, signIn, signOut } = NextAuth(makeConfig)

/** Who makes this request; null when nobody is signed in. Looked up once a request. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const session = (await auth()) as { live?: LiveSession | null } | null
  return session?.live ?? null
})

/** Redeems a ticket and sets the cookie. For server actions only. False when the ticket is worthless. */
export async function startSession(ticket: string): Promise<boolean> {
  try {
    await signIn('credentials', { ticket, redirect: false })
    return true
  } catch (error) {
    if (error instanceof AuthError) return false
    throw error
  }
}

/** Removes the cookie. For server actions only; the session row is revoked by core/users/sign-out.ts. */
export async function endSession(): Promise<void> {
  await signOut({ redirect: false })
}
