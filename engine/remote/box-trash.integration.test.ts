import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startBoxRemote } from '@/e2e/fake-providers/box-remote'
import { type Remote, remoteSchema } from '@/protocol/remotes'

const box = await startBoxRemote()
const { runBackup } = await import('@/engine/run-backup')
const { runPrune } = await import('@/engine/run-prune')
const { RunRig } = await import('@/engine/run-rig')
const { sendJson } = await import('@/lib/http')
const { makeEnvironment } = await import('@/lib/rclone-environment')
const { findInBox, removeFromTrash } = await import('./box-trash')
const { RemoteStore } = await import('./remote-store')

const { control } = box.fake
const forEver: Remote = remoteSchema.parse({ ...box.remote, deletesForEver: true })
const encrypted: Remote = {
  ...forEver,
  id: randomUUID(),
  baseFolder: 'Hidden',
  crypt: { password: 'marker-password', names: 'standard', folders: true, encoding: 'base32' },
}
const rigs: InstanceType<typeof RunRig>[] = []
const trashCalls = { host: 'api.box.com', method: 'DELETE', path: '/trash$' }
const ownToken = control.mint('box', control.addApp('box').clientId).accessToken
const headers = { authorization: `Bearer ${ownToken}` }

beforeAll(async () => {
  // what somebody else has thrown away
  const rig = rigOf(forEver)
  const store = await storeOf(rig, { ...box.remote, baseFolder: 'Private' })
  await store.writeText('letters/2025/letter', 'dear')
  await store.writeText('letters/note', 'a note')
  await store.deleteFolder('letters/2025')
  await store.deleteFile('letters/note')
  await store.close()
})
afterEach(() => {
  control.clearFaults()
  control.forgetCalls()
  box.broker.refuse(null)
})
afterAll(async () => {
  for (const rig of rigs) rig.close()
  await box.stop()
})

function rigOf(remote: Remote): InstanceType<typeof RunRig> {
  // every rig is an instance of its own, all of one name
  const rig = new RunRig({ ...remote, baseFolder: `WT${rigs.length}` })
  rig.policy.backends = ['box']
  writeFileSync(join(rig.sourceFolder, 'content'), randomBytes(300_000))
  rigs.push(rig)
  return rig
}

function storeOf(rig: InstanceType<typeof RunRig>, remote: Remote) {
  const { signal, temporaryFolder } = rig.context()
  return RemoteStore.open(remote, { temporaryFolder, signal, bytesPerSecond: null, log: () => {} })
}

/** Makes a backup; deletes it when called, and resolves to how that ended. */
async function backUp(rig: InstanceType<typeof RunRig>): Promise<() => Promise<'succeeded' | 'warning'>> {
  const spec = rig.backupSpec()
  expect(await runBackup(spec, rig.context())).toBe('succeeded')
  const items = [{ backupId: spec.backupId, folder: rig.folder(), reason: 'retention' as const }]
  const { instance, worker, remote } = rig
  return () => runPrune({ pruneId: randomUUID(), attempt: 1, instance, worker, remote, items }, rig.context())
}

const listSchema = z.object({ entries: z.array(z.object({ type: z.string(), name: z.string() })) })
async function trash(): Promise<string[]> {
  const { body } = await sendJson('https://api.box.com/2.0/folders/trash/items?limit=1000', { method: 'GET', headers })
  return listSchema.parse(body).entries.map(({ type, name }) => `${type} ${name}`)
}
const accountSchema = z.object({ space_used: z.number() })
async function usedBytes(): Promise<number> {
  const { body } = await sendJson('https://api.box.com/2.0/users/me', { method: 'GET', headers })
  return accountSchema.parse(body).space_used
}
const warningsOf = (rig: InstanceType<typeof RunRig>) =>
  rig.events.flatMap((event) => (event.type === 'log' && event.level === 'warn' ? event.text : []))
const strangers = ['folder 2025', 'file note']
/** the empty one of a day, by its number: it holds no byte */
const isNoDay = (name: string) => !/^folder (?:\d{8}|[a-z0-9]{26})$/.test(name)

/** A folder that was found, and then deleted. */
async function deleteOne(remote: Remote) {
  const rig = rigOf(remote)
  const store = await storeOf(rig, rig.remote)
  await store.writeText('a/b/text', 'content')
  await store.writeText('a/b/manifest.json', '{}')
  const found = await findInBox(store, 'a/b')
  await store.deleteFile('a/b/manifest.json')
  await store.deleteFolder('a/b')
  await store.close()
  return found
}
const { signal } = new AbortController()

describe('a remote that deletes for ever', () => {
  it('leaves nothing of a backup in the trash, and all else that lies there', async () => {
    const rig = rigOf(forEver)
    const before = await usedBytes()
    const deleteIt = await backUp(rig)
    expect(await usedBytes()).toBeGreaterThan(before + 300_000)
    expect(await deleteIt()).toBe('succeeded')
    expect(rig.last('pruned').problem).toBeNull()
    // the marker of the instance stays
    expect(await usedBytes()).toBeLessThan(before + 1000)
    expect((await trash()).filter(isNoDay)).toEqual(strangers)
    expect(control.countCalls({ ...trashCalls, path: '/folders/[0-9]+/trash$', status: 204 })).toBe(1)
    expect(warningsOf(rig)).toEqual([])
  })

  it('finds it below an encrypted folder too', async () => {
    expect(await removeFromTrash(await deleteOne(encrypted), signal)).toBeNull()
    expect((await trash()).filter(isNoDay)).toEqual(strangers)
    expect(control.countCalls({ ...trashCalls, status: 204 })).toBeGreaterThan(0)
  })

  it('asks the broker once more where Box does not take the access token', async () => {
    const found = await deleteOne(forEver)
    control.addFault({ match: trashCalls, times: 1, kind: 'status', status: 401 })
    expect(await removeFromTrash(found, signal)).toBeNull()
    expect((await trash()).filter(isNoDay)).toEqual(strangers)
  })

  it('takes it for done where somebody else has emptied the trash', async () => {
    const found = await deleteOne(forEver)
    expect(await removeFromTrash(found, signal)).toBeNull()
    control.forgetCalls()
    expect(await removeFromTrash(found, signal)).toBeNull()
    expect(control.countCalls({ ...trashCalls, status: 404 })).toBe(2)
  })

  it('never takes out what was not deleted', async () => {
    const rig = rigOf(forEver)
    const store = await storeOf(rig, rig.remote)
    await store.writeText('a/kept/text', 'content')
    expect(await findInBox(store, 'a/none')).toBeNull()
    await removeFromTrash(await findInBox(store, 'a/kept'), signal)
    expect((await store.read('a/kept/text', 100))?.toString()).toBe('content')
    await store.close()
  })

  it('gives rclone the same environment as any other', async () => {
    const known = { secretOptions: [], obscuredOptions: [], crypt: undefined }
    const variables = async (remote: Remote) => (await makeEnvironment({ ...remote, ...known }, '/nowhere')).variables
    expect(await variables(forEver)).toEqual(await variables(box.remote))
  })
})

describe('the backup lies in the trash', () => {
  it('with a warning, and is deleted all the same, where Box lets nobody empty the trash', async () => {
    const rig = rigOf(forEver)
    const deleteIt = await backUp(rig)
    control.addFault({ match: trashCalls, times: 9, kind: 'status', status: 403 })
    expect(await deleteIt()).toBe('warning')
    expect(rig.last('pruned').problem).toBeNull()
    expect(warningsOf(rig)).toEqual([expect.stringMatching('still in Box’s trash.*Box answers 403')])
    expect(await trash()).toContain('file manifest.json')
  })

  it('with a warning that shows no secret, where the run gets no access any more', async () => {
    const found = await deleteOne(forEver)
    box.broker.refuse({ status: 400, error: 'invalid_grant', error_description: 'The run is over.' })
    const words = await removeFromTrash(found, signal)
    expect(words).toMatch(/still in Box’s trash.*no access to Box: 400/)
    expect(words).not.toContain(box.broker.access.secret)
  })

  it('where the option is off: nothing is ever taken out', async () => {
    const rig = rigOf(box.remote)
    const before = (await trash()).length
    expect(await (await backUp(rig))()).toBe('succeeded')
    // its folder, its manifest, and the folder of the day
    expect((await trash()).length).toBe(before + 3)
    expect(control.countCalls(trashCalls)).toBe(0)
  })
})
