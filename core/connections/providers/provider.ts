import type { TokenAnswer } from '@/lib/oauth'
import type { Account } from '@/core/connections/account'

export const providerIds = ['box', 'drive', 'dropbox', 'onedrive'] as const
export type ProviderId = (typeof providerIds)[number]

/** Settings of a connection that are no secrets. */
export type ConnectionSettings = {
  /** of OneDrive: `common`, `consumers`, `organizations`, or the directory’s id or domain */
  tenant?: string | undefined
}

/** What is entered at the provider’s own pages, in their order. `copy`: the line is to be copied from here. */
export type ConsoleStep = { text: string; copy?: 'redirect address' | 'scopes' }

/** A key that signs by itself, without a person: what it is for people, and how it gets an access token. */
export type ServiceKind = {
  id: 'ccg' | 'jwt' | 'service-account'
  label: string
  steps: string[]
  /** The key as it is sealed, and what of it may be shown. Throws Problem `invalid-key-file`. */
  parse: (text: string) => { key: ServiceKey; clientId: string }
  requestAccess: (key: ServiceKey, now: Date) => Promise<TokenAnswer>
}
export type ServiceKey = Record<string, string>

/** All that differs between providers, as data; nothing elsewhere asks which one it has. */
export type Provider = {
  id: ProviderId
  name: string
  authorizeUrl: (settings: ConnectionSettings) => string
  /** besides client, redirect address, state, scopes and PKCE */
  authorizeParameters: Record<string, string>
  tokenUrl: (settings: ConnectionSettings) => string
  scopes: readonly string[]
  /** accounts live in directories, and the sign-in page may be that of one */
  hasTenant: boolean
  hasPkce: boolean
  /** how long the code of a sign-in is good */
  codeSeconds: number
  /** a refresh token that nobody uses dies after so long; null: never */
  unusedDeathDays: number | null
  /** each refresh gives a new refresh token; the old one answers until the new access token is first used */
  isSingleUse: boolean
  /** rclone’s own redirect address, for browsers that cannot reach the dashboard */
  loopbackAddress: string
  /** Ends the grant at the provider; null: the provider has no way, and `revokeByHand` says what a person does. */
  revoke: ((grant: Grant) => Promise<boolean>) | null
  revokeByHand: string
  /** Who am I. Throws AccountRefused when the access token is not good, HttpUnreachable. */
  readAccount: (accessToken: string) => Promise<Account>
  console: { url: string; steps: ConsoleStep[] }
  services: readonly ServiceKind[]
}

export type Grant = { accessToken: string; refreshToken: string | null; clientId: string; clientSecret: string }

/** The provider knows the access token, and does not take it. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused'

  /** 401: the token is worth nothing; 403: it does not reach so far */
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}
