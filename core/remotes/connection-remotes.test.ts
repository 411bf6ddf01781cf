import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createRemote } from './create-remote'
import { getRemote } from './get-remote'
import { listConnectionChoices } from './list-connection-choices'
import { remoteInputSchema } from './schema'

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
    await connect('onedrive', { driveId: 'b!1', driveType: 'business' })
    const choices = await listConnectionChoices()
    expect(choices.find(({ provider }) => provider === 'onedrive')?.drive).toEqual({ id: 'b!1', type: 'business' })
    expect(choices.find(({ provider }) => provider === 'box')?.drive).toBeNull()
  })
})
