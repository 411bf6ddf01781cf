import { randomBytes } from 'node:crypto'
import { type AccessToken, type App, type Grant, nowOf, type Pair, type Realm } from '@/e2e/fake-providers/realm'
import type { OAuthRules } from './rules'

export type IssuedTokens = { pair: Pair; grant: Grant }

/** The life of tokens at one provider, by its rules. Nothing here knows HTTP. */
export class Tokens {
  constructor(
    private readonly realm: Realm,
    private readonly rules: OAuthRules,
  ) {}

  /** A new chain, as after a click on "Grant" and the exchange of the code. */
  open(clientId: string, accountId: string, scope: string, isOffline: boolean): IssuedTokens {
    const grant: Grant = { clientId, accountId, scope, pairs: [] }
    grant.pairs.push(this.newPair(grant, isOffline))
    this.realm.grants.push(grant)
    return { pair: grant.pairs[0] as Pair, grant }
  }

  /** null: the provider says `invalid_grant` */
  refresh(refreshToken: string, clientId: string): IssuedTokens | null {
    const now = nowOf(this.realm)
    for (const grant of this.realm.grants.filter((candidate) => candidate.clientId === clientId)) {
      const number = grant.pairs.findLastIndex((pair) => pair.refresh?.value === refreshToken)
      const found = grant.pairs[number]
      if (!found?.refresh || found.refresh.expiresAt <= now) continue
      const newest = grant.pairs.at(-1) as Pair
      if (this.rules.refreshTokens === 'once' && found !== newest) {
        const isGrace = number === grant.pairs.length - 2 && !newest.access.isUsed
        return isGrace ? { pair: newest, grant } : null
      }
      const pair = this.newPair(grant, true)
      if (this.rules.refreshTokens === 'kept') pair.refresh = found.refresh
      grant.pairs.push(pair)
      if (this.rules.refreshTokens === 'once') grant.pairs = grant.pairs.slice(-2)
      return { pair, grant }
    }
    return null
  }

  /** An access token of server authentication. */
  openBare(clientId: string, accountId: string): AccessToken {
    const token = this.newAccessToken(clientId, accountId)
    this.realm.bare.push(token)
    return token
  }

  /** The account that an access token stands for; null: the provider says 401. */
  authenticate(value: string): { accountId: string; scope: string } | null {
    const now = nowOf(this.realm)
    const bare = this.realm.bare.find((token) => token.value === value && token.expiresAt > now)
    if (bare) return { accountId: bare.accountId, scope: '' }
    for (const grant of this.realm.grants) {
      const pair = grant.pairs.find((candidate) => candidate.access.value === value)
      if (!pair || pair.access.expiresAt <= now) continue
      pair.access.isUsed = true
      if (this.rules.refreshTokens === 'once' && pair === grant.pairs.at(-1)) grant.pairs = [pair]
      return { accountId: grant.accountId, scope: grant.scope }
    }
    return null
  }

  /** A token that this provider gave, and whose time is over. */
  hasExpired(value: string): boolean {
    return this.accessTokens().some((token) => token.value === value && token.expiresAt <= nowOf(this.realm))
  }

  /** Ends the whole chain that a token of either kind belongs to. */
  revoke(value: string): boolean {
    const isOf = (pair: Pair) => pair.access.value === value || pair.refresh?.value === value
    const before = this.realm.grants.length + this.realm.bare.length
    this.realm.grants = this.realm.grants.filter((grant) => !grant.pairs.some(isOf))
    this.realm.bare = this.realm.bare.filter((token) => token.value !== value)
    return this.realm.grants.length + this.realm.bare.length < before
  }

  revokeAll(): void {
    this.realm.grants = []
    this.realm.bare = []
  }

  expireAccessTokens(): void {
    const now = nowOf(this.realm)
    for (const token of this.accessTokens()) token.expiresAt = Math.min(token.expiresAt, now)
  }

  endAccessTokens(): void {
    this.realm.bare = []
    for (const { access } of this.realm.grants.flatMap((grant) => grant.pairs)) access.value = 'ended'
  }

  expireRefreshTokens(): void {
    const now = nowOf(this.realm)
    for (const pair of this.realm.grants.flatMap((grant) => grant.pairs))
      if (pair.refresh) pair.refresh.expiresAt = Math.min(pair.refresh.expiresAt, now)
  }

  hasConsented(app: App, accountId: string): boolean {
    return this.realm.grants.some((grant) => grant.clientId === app.clientId && grant.accountId === accountId)
  }

  remainingSeconds(token: AccessToken): number {
    return Math.max(0, Math.floor((token.expiresAt - nowOf(this.realm)) / 1000))
  }

  private accessTokens(): AccessToken[] {
    return [...this.realm.bare, ...this.realm.grants.flatMap((grant) => grant.pairs.map((pair) => pair.access))]
  }

  private newPair(grant: Grant, isOffline: boolean): Pair {
    const seconds = this.rules.refreshTokenSeconds
    const expiresAt = seconds === null ? Number.MAX_SAFE_INTEGER : nowOf(this.realm) + seconds * 1000
    const access = this.newAccessToken(grant.clientId, grant.accountId)
    return { access, refresh: isOffline ? { value: `rt-${randomBytes(24).toString('hex')}`, expiresAt } : null }
  }

  private newAccessToken(clientId: string, accountId: string): AccessToken {
    const expiresAt = nowOf(this.realm) + this.realm.settings.accessTokenSeconds * 1000
    return { value: `at-${randomBytes(24).toString('hex')}`, clientId, accountId, expiresAt, isUsed: false }
  }
}
