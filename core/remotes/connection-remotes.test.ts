import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createRemote } from './create-remote'
import { getRemote } from './get-remote'
import { listConnectionChoices } from './list-connection-choices'
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

const connect = (provider: string, account?: object) =>
  db.connection.create({
    data: {
      ...{ slug: `my-${provider}`, name: `My ${provider}`, provider, method: 'web', state: 'reconnectNeeded' },
      ...{ settings: {}, ...(account ? { account } : {}) },
    },
  })
const onBox = (slug: string, connectionId: string, changes: Record<string, unknown> = {}) =>
  remoteInputSchema.parse({
    ...{ backend: 'box', slug, name: 'Box', baseFolder: 'WT', connectionId },
    ...{ options: { root_folder_id: '' }, secrets: {} },
    ...changes,
  })

describe('a remote that takes its access from a connection', () => {
  it('names the connection and its state, and takes one of its own provider only', async () => {
    const [box, drive] = await Promise.all([connect('box'), connect('drive')])
    const { id } = await createRemote(actor, onBox('on-box', box.id))
    expect(await getRemote(id)).toMatchObject({ connection: { name: 'My box', state: 'reconnectNeeded' }, options: {} })
    await expect(createRemote(actor, onBox('on-drive', drive.id))).rejects.toMatchObject({
      code: 'wrong-connection',
      where: 'connectionId',
    })
  })

  it('is offered the account’s own drive, where the provider told it', async () => {
    const account = { id: '1', name: 'Ada', login: 'ada', quotaBytes: null, usedBytes: null, largestFileBytes: null }
    await connect('onedrive', { ...account, driveId: 'b!1', driveType: 'business' })
    const choices = await listConnectionChoices()
    expect(choices.find(({ provider }) => provider === 'onedrive')?.drive).toEqual({ id: 'b!1', type: 'business' })
    expect(choices.find(({ provider }) => provider === 'box')?.drive).toBeNull()
  })
})

describe('deleting for ever', () => {
  const specOf = async (id: string) => toRemote(await db.remote.findUniqueOrThrow({ where: { id } }))

  it('is off at first; switched on, the worker is told so, and the history tells who did it', async () => {
    const { id: connectionId } = await db.connection.findFirstOrThrow({ where: { provider: 'box' } })
    const { id } = await createRemote(actor, onBox('for-ever', connectionId))
    expect(await specOf(id)).not.toHaveProperty('deletesForEver')
    expect((await getRemote(id)).deletesForEver).toBe(false)
    const edited = onBox('for-ever', connectionId, { deletesForEver: true })
    await updateRemote(actor, id, edited, { confirmedMove: false })
    expect(await specOf(id)).toMatchObject({ deletesForEver: true, options: {} })
    expect((await getRemote(id)).deletesForEver).toBe(true)
    const event = await db.auditEvent.findFirstOrThrow({ where: { action: 'remote.edit', subjectId: id } })
    expect(event.detail).toMatchObject({ deletesForEver: true })
    await updateRemote(actor, id, onBox('for-ever', connectionId), { confirmedMove: false })
    expect((await getRemote(id)).deletesForEver).toBe(false)
  })

  it('is no option of rclone, and of no other kind of remote', async () => {
    const asOption = { options: { deletesForEver: 'true' } }
    expect(() => onBox('x', '6f1c0c1e-3a55-4a44-9d0e-0c2a1f3b7a10', asOption)).toThrow('deletesForEver')
    const onDisk = remoteInputSchema.parse({
      ...{ backend: 'local', slug: 'disk', name: 'Disk', baseFolder: '/srv/disk', options: {}, secrets: {} },
      deletesForEver: true,
    })
    const { id } = await createRemote(actor, onDisk)
    expect((await getRemote(id)).deletesForEver).toBe(false)
  })
})

describe('a remote that is encrypted', () => {
  const encrypted = (crypt: Record<string, string>) =>
    remoteInputSchema.safeParse({
      ...{ backend: 'local', slug: 'hidden', name: 'Hidden', baseFolder: '/srv/hidden', options: {}, secrets: {} },
      crypt: { cryptPassword: 'marker-password', cryptNames: 'standard', cryptEncoding: 'base32', ...crypt },
    })

  it('is not made before its passwords were saved elsewhere', () => {
    expect(encrypted({}).error?.issues.map(({ path }) => path.at(-1))).toEqual(['cryptSaved'])
  })

  it('seals its passwords, shows them nowhere, and keeps them through every change', async () => {
    const input = encrypted({ cryptSaved: 'on', cryptSalt: 'marker-salt' })
    if (!input.success) throw input.error
    const { id } = await createRemote(actor, input.data)
    const row = await db.remote.findUniqueOrThrow({ where: { id } })
    expect(JSON.stringify([row, await getRemote(id), await db.auditEvent.findMany()])).not.toContain('marker')
    expect(await getRemote(id)).toMatchObject({ encryption: { names: true }, savedSecrets: [] })
    const changed = { ...input.data, crypt: undefined, name: 'Renamed', forget: ['crypt.password'] }
    await updateRemote(actor, id, changed, { confirmedMove: false })
    expect(toRemote(await db.remote.findUniqueOrThrow({ where: { id } })).crypt).toEqual({
      ...{ password: 'marker-password', password2: 'marker-salt', names: 'standard' },
      ...{ folders: true, encoding: 'base32' },
    })
  })
})
