/** What of OAuth differs between providers; the sources are the providers' own documents, named at each. */
export type OAuthRules = {
  authorize: { host: string; path: string }[]
  token: { host: string; path: string }[]
  revoke: { host: string; path: string }[]
  codeSeconds: number
  accessTokenSeconds: number
  /** null: it does not die unused */
  refreshTokenSeconds: number | null
  /**
   * `once`: each refresh spends the refresh token; the spent one gets the same answer again until the new access token is first
   * used, which also ends the old access token. `kept`: refresh tokens stay, and a refresh brings none. `renewed`: each refresh
   * brings a new one, and the old stay.
   */
  refreshTokens: 'once' | 'kept' | 'renewed'
  /** whether the authorize request asks for a refresh token at all */
  isOffline: (query: URLSearchParams) => boolean
  /** Google gives a refresh token again only after `prompt=consent` */
  onlyFirstConsentIsOffline: boolean
  tokenType: string
  /** what else a token answer tells */
  extra: (facts: { accountId: string; scope: string }) => object
  invalidClientStatus: number
}
