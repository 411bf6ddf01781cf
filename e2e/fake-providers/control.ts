import { randomBytes } from 'node:crypto'
import type { CallLog, CallMatch, SeenCall } from './call-log'
import type { Fault, Faults } from './faults'
import type { Provider, ProviderName } from './provider'
import type { Account, App, RealmSettings } from './realm'

export type MintedTokens = { accessToken: string; refreshToken: string; expiresInSeconds: number }

/**
 * What tests and the demo may ask of the fake providers behind their backs. Arguments and answers are plain data, so that another
 * process can call the same (control-client.ts).
 */
export class FakeControl {
  constructor(
    private readonly providers: Record<ProviderName, Provider>,
    private readonly faults: Faults,
    private readonly calls: CallLog,
    private readonly save: () => void,
  ) {}

  /** Registers an application; what is not given is made up. The same client id again replaces it. */
  addApp(name: ProviderName, facts: Partial<App> = {}): App {
    const app: App = {
      clientId: `client-${randomBytes(8).toString('hex')}`,
      clientSecret: `secret-${randomBytes(16).toString('hex')}`,
      redirectUris: [],
      enterpriseId: null,
      publicKeys: {},
      ...facts,
    }
    const { realm } = this.providers[name]
    realm.apps = [...realm.apps.filter((known) => known.clientId !== app.clientId), app]
    this.save()
    return app
  }

  /** A pair of tokens as a finished sign-in would give, without a browser. */
  mint(name: ProviderName, clientId: string, accountId?: string): MintedTokens {
    const { tokens, realm } = this.providers[name]
    const account = accountId ?? realm.accounts[0]?.id ?? ''
    const { pair } = tokens.open(clientId, account, '', true)
    this.save()
    return {
      accessToken: pair.access.value,
      refreshToken: pair.refresh?.value ?? '',
      expiresInSeconds: tokens.remainingSeconds(pair.access),
    }
  }

  /** The access token is good now; that is its first use, with all that it ends. */
  isGood(name: ProviderName, accessToken: string): boolean {
    return this.providers[name].tokens.authenticate(accessToken) !== null
  }

  /** As when somebody else has the refresh token too: refreshes with it, and uses what comes. False: it is worth nothing. */
  spend(name: ProviderName, refreshToken: string, clientId: string): boolean {
    const { tokens } = this.providers[name]
    const issued = tokens.refresh(refreshToken, clientId)
    this.save()
    return issued !== null && tokens.authenticate(issued.pair.access.value) !== null
  }

  /** The newest refresh token of every chain. */
  refreshTokens(name: ProviderName): string[] {
    return this.providers[name].realm.grants.flatMap((grant) => grant.pairs.at(-1)?.refresh?.value ?? [])
  }

  expireAccessTokens(name: ProviderName): void {
    this.providers[name].tokens.expireAccessTokens()
    this.save()
  }

  /** Every access token is unknown from now on; refresh tokens stay. */
  endAccessTokens(name: ProviderName): void {
    this.providers[name].tokens.endAccessTokens()
    this.save()
  }

  expireRefreshTokens(name: ProviderName): void {
    this.providers[name].tokens.expireRefreshTokens()
    this.save()
  }

  /** As when the user withdraws the application's access: every token of the provider ends. */
  revokeAll(name: ProviderName): void {
    this.providers[name].tokens.revokeAll()
    this.save()
  }

  set(name: ProviderName, settings: Partial<RealmSettings>): void {
    Object.assign(this.providers[name].realm.settings, settings)
    this.save()
  }

  setAccount(name: ProviderName, accountId: string, facts: Partial<Account>): void {
    const account = this.providers[name].realm.accounts.find((candidate) => candidate.id === accountId)
    if (account) Object.assign(account, facts)
    this.save()
  }

  addFault(fault: Fault): number {
    return this.faults.add(fault)
  }

  clearFaults(id?: number): void {
    this.faults.clear(id)
  }

  /** How many requests have met a fault. */
  met(faultId: number): number {
    return this.faults.met(faultId)
  }

  countCalls(match: CallMatch): number {
    return this.calls.list(match).length
  }

  listCalls(match: CallMatch): SeenCall[] {
    return this.calls.list(match)
  }

  forgetCalls(): void {
    this.calls.clear()
  }

  /** Puts small files into a folder that is there. */
  fill(name: ProviderName, path: string, names: string[]): Promise<void> {
    return this.providers[name].fill(path, names)
  }

  listFiles(name: ProviderName): { path: string; bytes: number }[] {
    return this.providers[name].listFiles()
  }
}
