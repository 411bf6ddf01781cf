import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { EnvHttpProxyAgent, request } from 'undici'
import { z } from 'zod'
import type { App } from './realm'
import type { FakeProviders } from './start'

/** rclone takes a token for over so long before it is (oauth2.Token.Valid in Go, lib/oauthutil in rclone). */
const rcloneEarlySeconds = 10
/** for requests that were under way when the token's time was over */
const settleSeconds = 1

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number(),
})
const tokenUrls = { box: 'https://api.box.com/oauth2/token', drive: 'https://oauth2.googleapis.com/token' }
export type BrokeredProvider = keyof typeof tokenUrls

export type StandInBroker = {
  /** as a run's worker gets it */
  access: { id: string; secret: string; tokenUrl: string }
  /** how often it went to the provider */
  refreshes: () => number
  /** refuse everything in these words; null: work again */
  refuse: (refusal: { status: number; error: string; error_description: string } | null) => void
  /** asks the provider again for the next access token */
  forget: () => void
  stop: () => Promise<void>
}

/**
 * A token broker for one connection and one lease, for tests of the worker's side alone: it keeps Box's rules, which are the
 * strictest, and forgets all at its end. The real one is core/connections/answer-token-request.ts.
 */
export async function startStandInBroker(
  fake: FakeProviders,
  app: App,
  provider: BrokeredProvider,
): Promise<StandInBroker> {
  const agent = new EnvHttpProxyAgent({
    httpsProxy: fake.proxyUrl,
    requestTls: { ca: readFileSync(fake.caFile, 'utf8') },
  })
  const lease = { id: randomUUID(), secret: randomBytes(24).toString('hex') }
  const expected = `Basic ${Buffer.from(`${lease.id}:${lease.secret}`).toString('base64')}`
  let refreshToken = fake.control.mint(provider, app.clientId).refreshToken
  let current: { accessToken: string; expiresAt: number } | null = null
  let refreshes = 0
  let refusal: { status: number; error: string; error_description: string } | null = null
  let turn: Promise<unknown> = Promise.resolve()

  async function token(): Promise<object> {
    for (;;) {
      const leftSeconds = current ? (current.expiresAt - Date.now()) / 1000 - rcloneEarlySeconds : -settleSeconds
      if (current && leftSeconds > 0)
        return {
          access_token: current.accessToken,
          token_type: 'bearer',
          expires_in: Math.floor(leftSeconds + rcloneEarlySeconds),
        }
      if (leftSeconds > -settleSeconds) await sleep((leftSeconds + settleSeconds) * 1000)
      await refresh()
    }
  }
  async function refresh(): Promise<void> {
    const response = await request(tokenUrls[provider], {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: app.clientId,
        client_secret: app.clientSecret,
      }).toString(),
      dispatcher: agent,
    })
    const tokens = tokensSchema.parse(await response.body.json())
    refreshes++
    refreshToken = tokens.refresh_token ?? refreshToken
    current = { accessToken: tokens.access_token, expiresAt: Date.now() + tokens.expires_in * 1000 }
  }
  async function answer(incoming: IncomingMessage): Promise<{ status: number; body: object }> {
    const form = new URLSearchParams(await text(incoming))
    if (refusal) return { status: refusal.status, body: refusal }
    // rclone shows them in the header to Box, and in the form to Google
    const isKnown =
      incoming.headers.authorization === expected ||
      (form.get('client_id') === lease.id && form.get('client_secret') === lease.secret)
    if (!isKnown) return { status: 401, body: { error: 'invalid_client' } }
    const mine = turn.then(token)
    turn = mine.catch(() => {})
    return { status: 200, body: await mine }
  }
  const server = createServer(async (incoming, response) => {
    const { status, body } = await answer(incoming).catch((error: unknown) => ({
      status: 503,
      body: { error: 'temporarily_unavailable', error_description: String(error) },
    }))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    access: { ...lease, tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` },
    refreshes: () => refreshes,
    refuse: (next) => {
      refusal = next
    },
    forget: () => {
      current = null
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await agent.close()
    },
  }
}
