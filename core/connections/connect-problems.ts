import type { ProblemFacts } from '@/protocol/problem'
import type { Account } from './account'

/** Everything that may keep a connection from being made, in words for the person who is there. */
export const connectProblems = {
  unknownVisit: {
    code: 'unknown-visit',
    text: 'The provider sent the browser back, but this session did not ask for that.',
    action: 'Open the connection and choose Connect there, in this browser.',
  },
  replayed: {
    code: 'visit-replayed',
    text: 'This answer of the provider was used already.',
    action: 'Look at the connection’s state; if it is not connected, choose Connect again.',
  },
  expired: {
    code: 'visit-expired',
    text: 'The sign-in at the provider took longer than ten minutes.',
    action: 'Choose Connect again.',
  },
  refusedByProvider: (provider: string, error: string): ProblemFacts =>
    error === 'access_denied'
      ? {
          code: 'access-denied',
          text: `${provider} says that access was denied.`,
          action: 'Choose Connect again and grant access; or let the person whose account it is do so.',
        }
      : {
          code: 'provider-refused',
          text: `${provider} did not grant access (${plain(error)}).`,
          action: 'Compare the app at the provider with the steps on this page: kind of app, scopes, redirect address.',
        },
  notExchanged: (
    provider: string,
    refusal: { error: string; description: string },
    redirectAddress: string,
  ): ProblemFacts => {
    const said = `(${[refusal.error, refusal.description].filter(Boolean).map(plain).join(': ')})`
    if (/redirect/i.test(`${refusal.error} ${refusal.description}`))
      return {
        code: 'wrong-redirect',
        text: `${provider} does not know the redirect address of this dashboard ${said}.`,
        action: `Enter it at the provider exactly like this, then connect again: ${redirectAddress}`,
      }
    if (['invalid_client', 'unauthorized_client'].includes(refusal.error))
      return {
        code: 'wrong-client',
        text: `${provider} does not take the client id and secret of this connection ${said}.`,
        action: 'Copy both from the provider’s page once more, save them here, and connect again.',
      }
    return {
      code: 'code-worthless',
      text: `${provider} did not take the code that it had sent ${said}. Codes are good once and for a short time, with Box for 30 seconds.`,
      action: 'Choose Connect again.',
    }
  },
  away: (provider: string, reason: string): ProblemFacts => ({
    code: 'provider-away',
    text: `${provider} did not answer as it should: ${reason}.`,
    action: 'Look whether this server reaches the provider (HTTPS_PROXY, EXTRA_CA_FILE), then connect again.',
  }),
  noRefreshToken: (provider: string): ProblemFacts => ({
    code: 'no-refresh-token',
    text: `${provider} granted access for a short time only, without a refresh token.`,
    action: 'Remove the app’s access in the account at the provider, then connect again.',
  }),
  wrongAccount: (was: Account, is: Account): ProblemFacts => ({
    code: 'wrong-account',
    text: `This connection belongs to ${nameOf(was)}, and the sign-in was for ${nameOf(is)}. Nothing was changed: backups would have gone to another account.`,
    action:
      'Sign out at the provider, and connect again with the right account. For the other account, add another connection.',
  }),
  accountRefused: (provider: string): ProblemFacts => ({
    code: 'account-refused',
    text: `${provider} granted access, but does not tell whose account it is.`,
    action: 'Look whether the app has the scopes that the steps on this page name, then connect again.',
  }),
  accountUnread: (provider: string): ProblemFacts => ({
    code: 'provider-away',
    text: `${provider} granted access, but did not answer when asked whose account it is.`,
    action: 'Connect again in a moment.',
  }),
} satisfies Record<string, ProblemFacts | ((...facts: never[]) => ProblemFacts)>

function nameOf({ name, login }: Account): string {
  return [name, login && `(${login})`].filter(Boolean).join(' ') || 'an unnamed account'
}

/** A provider's word, which may be anything. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, 200)
}
