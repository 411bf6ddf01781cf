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
const onBox = (slug: string, connectionId: string) =>
  remoteInputSchema.parse({
    ...{ backend: 'box', slug, name: 'Box', baseFolder: 'WT', connectionId },
    ...{ options: { root_folder_id: '' }, secrets: {} },
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
