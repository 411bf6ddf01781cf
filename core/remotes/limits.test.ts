import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createInstance, createPlan, createSource, createWorker } from '@/scripts/test-rows'
import { createRemote } from './create-remote'
import { getRemote } from './get-remote'
import { partBytesFor } from './part-limit'
import { toRemote } from './remote-spec'
import { remoteInputSchema } from './schema'
import { updateRemote } from './update-remote'

const actor: Actor = { kind: 'user', id: null, name: 'Ada', role: 'admin' }
let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

const input = (slug: string, limits: Record<string, string>) =>
  remoteInputSchema.safeParse({
    ...{ backend: 'local', slug, name: 'Disk', baseFolder: `/srv/${slug}`, options: {}, secrets: {}, limits },
  })
const valid = (slug: string, limits: Record<string, string>) => {
  const parsed = input(slug, limits)
  if (!parsed.success) throw parsed.error
  return parsed.data
}
const mebibyte = 1024 * 1024

describe('limits of a remote', () => {
  it.each(['10M', 'off', '512k', '10M:1M', '08:00,2M 19:00,20M 23:00,off', 'Mon-00:00,512K  Sat-00:00,off'])(
    'the bandwidth %s is taken',
    (limitBandwidth) => expect(input('x', { limitBandwidth }).success).toBe(true),
  )

  it.each(['10', 'fast', '25:00,10M', '08:00', '08:00,10M;19:00,1M', '10M --config=/etc/x', '08:00,1M,2M'])(
    'the bandwidth %s is refused',
    (limitBandwidth) =>
      expect(input('x', { limitBandwidth }).error?.issues.map(({ path }) => path.at(-1))).toEqual(['limitBandwidth']),
  )

  it('reach the worker, can be changed, and are gone when emptied', async () => {
    const { id } = await createRemote(actor, valid('paced', { limitBandwidth: '10M', limitCalls: '0.5' }))
    const spec = async () => toRemote(await db.remote.findUniqueOrThrow({ where: { id } })).limits
    expect(await spec()).toMatchObject({ bandwidth: '10M', callsPerSecond: 0.5, transfers: null })
    await updateRemote(actor, id, valid('paced', { limitPartMebibytes: '100' }), { confirmedMove: false })
    expect((await getRemote(id)).limits).toMatchObject({ bandwidth: null, largestPartBytes: 100 * mebibyte })
    await updateRemote(actor, id, valid('paced', { limitPartMebibytes: '' }), { confirmedMove: false })
    expect(await spec()).toBeUndefined()
  })
})

describe('the parts of a plan', () => {
  it('are never larger than any of its remotes takes, with room for what compression adds', async () => {
    const instance = await createInstance(db)
    const worker = await createWorker(db, instance.id)
    const source = await createSource(db, instance.id, worker.id)
    const { id: remoteId } = await createRemote(actor, valid('small', { limitPartMebibytes: '100' }))
    const plan = await createPlan(db, { instanceId: instance.id, sourceIds: [source.id], remoteId })
    expect(await partBytesFor(db, plan)).toBe(Math.floor((100 * mebibyte) / 1.01))
    const account = { id: '1', name: 'Ada', login: 'ada', quotaBytes: null, usedBytes: null, driveId: null }
    const connection = await db.connection.create({
      data: {
        ...{ slug: 'free', name: 'Free', provider: 'box', method: 'web', settings: {} },
        account: { ...account, driveType: null, largestFileBytes: 50 * mebibyte },
      },
    })
    await db.remote.update({ where: { id: remoteId }, data: { connectionId: connection.id } })
    expect(await partBytesFor(db, plan)).toBe(Math.floor((50 * mebibyte) / 1.01))
    expect(await partBytesFor(db, { id: 'none', partBytes: 5n * 1024n ** 2n })).toBe(5 * mebibyte)
  })
})
