import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { claimRun } from '@/core/workers/claim-run'
import { requestBackup } from '@/core/backups/request-backup'
import { control } from '@/core/audit/actor'
import { POST } from '@/app/api/broker/token/route'
import type { Db } from '@/lib/db'
import { createBoxConnection, createBoxScene } from '@/scripts/test-connection'
import { openTestDatabase } from '@/scripts/test-database'
import { protocolVersion } from '@/protocol/version'
import { openTestQueue } from '@/scripts/test-queue'
import { runOf } from '@/scripts/test-scene'

/** Promise: a worker never gets a refresh token or a client secret, in nothing that it is handed, sent or refused with. */
let db: Db
let close: () => Promise<void>
const fake = await vi.hoisted(async () => {
  const { startFakeProviders } = await import('@/e2e/fake-providers/start')
  const started = await startFakeProviders()
  Object.assign(process.env, started.environment)
  return started
})
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
  openTestQueue()
})
afterAll(async () => {
  await close()
  await fake.stop()
})

it('neither the spec nor any answer of the broker holds more than an access token', async () => {
  const { id, app, minted } = await createBoxConnection(db, fake.control)
  const { worker, plan } = await createBoxScene(db, id)
  const { backupId } = await requestBackup(control, plan.id)
  const spec = (await claimRun(worker, runOf('backup', backupId), protocolVersion)) as {
    remote: { access: { id: string; secret: string } }
  }
  const { access } = spec.remote
  const received = [JSON.stringify(spec)]
  const ask = async (form: Record<string, string>, authorization?: string) => {
    const headers = { host: 'localhost:3000', ...(authorization ? { authorization } : {}) }
    const body = new URLSearchParams(form)
    const response = await POST(
      new Request('http://localhost:3000/api/broker/token', { method: 'POST', headers, body }),
    )
    const text = await response.text()
    received.push(text, JSON.stringify([...response.headers]))
    return { status: response.status, body: JSON.parse(text) as Record<string, unknown> }
  }
  const basic = `Basic ${Buffer.from(`${access.id}:${access.secret}`).toString('base64')}`
  const refresh = { grant_type: 'refresh_token', refresh_token: 'opaque' }
  expect(await ask(refresh, basic)).toMatchObject({ status: 200, body: { access_token: minted.accessToken } })
  expect(await ask({ ...refresh, client_id: access.id, client_secret: access.secret })).toMatchObject({ status: 200 })
  expect(await ask({ grant_type: 'client_credentials' }, basic)).toMatchObject({ status: 200 })
  expect(await ask({ grant_type: 'authorization_code' }, basic)).toMatchObject({ status: 400 })
  expect(await ask(refresh)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  const stranger = { ...refresh, client_id: access.id, client_secret: 'guessed' }
  expect(await ask(stranger)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  // over, refreshed, and at last refused by the provider
  const overdue = () => db.connection.update({ where: { id }, data: { tokenSteadySeconds: { decrement: 86_400 } } })
  await overdue()
  expect(await ask(refresh, basic)).toMatchObject({ status: 200 })
  const newest = fake.control.refreshTokens('box')
  await overdue()
  fake.control.revokeAll('box')
  const refused = await ask(refresh, basic)
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(refused.body.error_description).toMatch(/^Reconnect needed: /)
  await db.backupTask.updateMany({ where: { backupId }, data: { state: 'succeeded' } })
  expect(await ask(refresh, basic)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })

  for (const text of received)
    for (const secret of [minted.refreshToken, ...newest, app.clientSecret]) expect(text).not.toContain(secret)
  expect(received.join('\n')).toContain(minted.accessToken)
  expect(received.join('\n')).not.toContain('refresh_token')
})
