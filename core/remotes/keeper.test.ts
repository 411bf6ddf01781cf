import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import type { Environment } from '@/protocol/names'
import { openTestDatabase } from '@/scripts/test-database'
import { createInstance, createPlan, createSource, createWorker } from '@/scripts/test-rows'
import { createRemote } from './create-remote'
import { getRemote } from './get-remote'
import { toDeletingRemote } from './keeper'
import { listExposure } from './list-exposure'
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

const s3 = (slug: string, changes: Record<string, unknown> = {}) =>
  remoteInputSchema.parse({
    ...{ backend: 's3', slug, name: slug, baseFolder: 'bucket/WT' },
    options: { provider: 'Ceph', endpoint: 'https://s3.example.org', access_key_id: 'writer' },
    secrets: { secret_access_key: 'marker-writer' },
    ...changes,
  })
const keeper = { access_key_id: 'keeper', secret_access_key: 'marker-keeper' }
const rowOf = (id: string) => db.remote.findUniqueOrThrow({ where: { id } })

describe('a keeper', () => {
  it('is what a deletion gets, and nothing else does', async () => {
    const { id } = await createRemote(actor, s3('kept', { keeper }))
    expect(toRemote(await rowOf(id)).options).toMatchObject({
      ...{ access_key_id: 'writer', secret_access_key: 'marker-writer' },
    })
    expect(toDeletingRemote(await rowOf(id)).options).toMatchObject(keeper)
    expect(JSON.stringify([await rowOf(id), await getRemote(id), await db.auditEvent.findMany()])).not.toContain(
      'marker',
    )
  })

  it('stays when left empty, and is gone when told so: then the usual credential deletes', async () => {
    const { id } = await createRemote(actor, s3('changed', { keeper }))
    const change = (changes: Record<string, unknown>) =>
      updateRemote(actor, id, s3('changed', changes), { confirmedMove: false })
    await change({ keeper: { access_key_id: '', secret_access_key: '' } })
    expect((await getRemote(id)).keeper).toBe(true)
    await change({ forgetKeeper: true })
    expect((await getRemote(id)).keeper).toBe(false)
    expect(toDeletingRemote(await rowOf(id)).options).toMatchObject({ secret_access_key: 'marker-writer' })
  })

  it('is not taken with options that are no credential', async () => {
    await expect(
      createRemote(actor, s3('odd', { keeper: { endpoint: 'https://evil.example.org' } })),
    ).rejects.toMatchObject({ code: 'keeper-not-possible' })
  })
})

describe('whose backups a stolen worker could destroy', () => {
  async function user(remoteId: string, environment: Environment) {
    const instance = await createInstance(db, { environment })
    const worker = await createWorker(db, instance.id)
    const source = await createSource(db, instance.id, worker.id)
    await createPlan(db, { instanceId: instance.id, sourceIds: [source.id], remoteId })
    return instance
  }

  it('are those of all whose workers get the same credential, by this remote or another', async () => {
    const [one, same, other] = [
      await createRemote(actor, s3('one')),
      await createRemote(actor, s3('same', { baseFolder: 'bucket/other' })),
      await createRemote(actor, s3('other', { secrets: { secret_access_key: 'another' } })),
    ]
    const [production, testing] = [await user(one.id, 'production'), await user(same.id, 'testing')]
    await user(other.id, 'development')
    const exposure = await listExposure(one.id)
    expect(Object.fromEntries(exposure.instances.map(({ id, remotes }) => [id, remotes]))).toEqual({
      [production.id]: [],
      [testing.id]: ['same'],
    })
    expect(exposure).toMatchObject({ crosses: true, hasKeeper: false, mayHaveKeeper: true })
    expect(await listExposure(other.id)).toMatchObject({ crosses: false })
  })
})
