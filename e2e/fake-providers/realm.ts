import type { Item } from './tree'

/** All that a fake provider knows, as plain data, so that it can lie on disk between two starts. */
export type Realm = {
  apps: App[]
  accounts: Account[]
  codes: Code[]
  grants: Grant[]
  /** access tokens of server authentication, without a refresh token */
  bare: AccessToken[]
  /** ids of signed assertions, each good for one use */
  usedAssertions: string[]
  /** by id */
  items: Record<string, Item>
  lastItemId: number
  settings: RealmSettings
}

/** An application as an administrator registers it at the provider. */
export type App = {
  clientId: string
  clientSecret: string
  /** exactly these are taken */
  redirectUris: string[]
  /** Box: server authentication acts for this enterprise; null: the app may not */
  enterpriseId: string | null
  /** PEM, by key id: what signs an assertion of this app or service account */
  publicKeys: Record<string, string>
}

export type Account = {
  id: string
  name: string
  login: string
  /** in bytes: the quota, and what of it others use already */
  quota: number
  usedElsewhere: number
  /** the largest file that the account's plan takes, in bytes */
  largestFile: number
}

export type Code = {
  code: string
  clientId: string
  accountId: string
  redirectUri: string
  scope: string
  isOffline: boolean
  challenge: string | null
  expiresAt: number
}

export type AccessToken = { value: string; clientId: string; accountId: string; expiresAt: number; isUsed: boolean }
export type RefreshToken = { value: string; expiresAt: number }
export type Pair = { access: AccessToken; refresh: RefreshToken | null }

/** One "Grant" click: a chain of token pairs. */
export type Grant = {
  clientId: string
  accountId: string
  scope: string
  /** the newest pair last */
  pairs: Pair[]
}

export type RealmSettings = {
  accessTokenSeconds: number
  /** the provider's clock is ahead of ours by so much */
  clockOffsetSeconds: number
  /** Box: so many polls of a commit get 202 first */
  pendingCommits: number
  /** Box: bytes of one part of an upload session */
  sessionPartBytes: number
}

export const defaultAccounts: Account[] = [
  { id: '1001', name: 'Ada Archivist', login: 'ada@example.org', quota: 1e12, usedElsewhere: 0, largestFile: 5e9 },
  { id: '1002', name: 'Bert Backup', login: 'bert@example.org', quota: 1e10, usedElsewhere: 0, largestFile: 2.5e8 },
]

export function emptyRealm(accessTokenSeconds: number): Realm {
  return {
    apps: [],
    accounts: structuredClone(defaultAccounts),
    codes: [],
    grants: [],
    bare: [],
    usedAssertions: [],
    items: {},
    lastItemId: 100_000,
    settings: {
      accessTokenSeconds,
      clockOffsetSeconds: 0,
      pendingCommits: 0,
      sessionPartBytes: 8 * 1024 * 1024,
    },
  }
}

/** The provider's own clock, in milliseconds. */
export function nowOf(realm: Realm): number {
  return Date.now() + realm.settings.clockOffsetSeconds * 1000
}
