import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createGoodBackup, createInstance, createPlan, createSource, createWorker } from '@/scripts/test-rows'
import { createRemote } from './create-remote'
import { deleteRemote } from './delete-remote'
import { getRemote } from './get-remote'
import { listRemotes } from './list-remotes'
import { toRemote } from './remote-spec'
import { type RemoteInput, remoteInputSchema } from './schema'
import { updateRemote } from './update-remote'

const actor: Actor = { kind: 'user', id: null, name: 'Ada', role: 'admin' }
const secret = 'marker-secret-7f3a'
const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`
let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

const sftp = (slug: string, changes: Record<string, unknown> = {}) =>
  remoteInputSchema.parse({
    backend: 'sftp',
    slug,
    name: 'Off-site',
    baseFolder: 'WT',
    options: { host: 'backup.example.org', port: '22', user: 'wt', host_key: hostKey },
    secrets: { pass: secret },
    ...changes,
  })

const rowOf = (id: string) => db.remote.findUniqueOrThrow({ where: { id } })

describe('secrets of a remote', () => {
  it('stand nowhere in clear, neither in the row nor in what pages get', async () => {
    const { id } = await createRemote(actor, sftp('sealed'))
    const shown = JSON.stringify([
      await rowOf(id),
      await getRemote(id),
      await listRemotes(),
      await db.auditEvent.findMany(),
    ])
    expect(shown).not.toContain(secret)
    expect((await getRemote(id)).savedSecrets).toEqual(['pass'])
    expect(toRemote(await rowOf(id)).options).toMatchObject({ pass: secret, host: 'backup.example.org' })
  })

  it('are kept when left empty, replaced when typed, forgotten when told so', async () => {
    const { id } = await createRemote(actor, sftp('kept'))
    const change = (changes: Record<string, unknown>) =>
      updateRemote(actor, id, sftp('kept', changes), { confirmedMove: false })
    await change({ name: 'Renamed', secrets: { pass: '' } })
    expect(toRemote(await rowOf(id)).options).toMatchObject({ pass: secret })
    await change({ secrets: { pass: 'another' } })
    expect(toRemote(await rowOf(id)).options).toMatchObject({ pass: 'another' })
    await expect(change({ secrets: {}, forget: ['pass'] })).rejects.toMatchObject({
      code: 'secret-missing',
      where: 'pass',
    })
  })
})

describe('what is entered', () => {
  const faultsOf = (candidate: unknown) =>
    remoteInputSchema.safeParse(candidate).error?.issues.map((issue) => issue.path.at(-1)) ?? []
  const base = { slug: 'x', name: 'X', options: {}, secrets: {} }

  it.each([
    ['local', 'srv/backups'],
    ['local', '/srv/../etc'],
    ['s3', '/bucket/WT'],
    ['s3', 'B/WT'],
    ['webdav', '/WT'],
    ['sftp', 'WT/../..'],
  ])('refuses for %s the base folder %s', (backend, baseFolder) => {
    expect(faultsOf({ ...base, backend, baseFolder })).toContain('baseFolder')
  })

  it('refuses every option that is not ours: those of rclone that run programs or read files', () => {
    const options = { ...sftp('x').options, ssh: 'sh -c id', key_file: '/etc/shadow' }
    expect(remoteInputSchema.safeParse({ ...sftp('x'), options }).success).toBe(false)
  })

  it('takes a host key as ssh-keyscan prints it, and no other text', () => {
    const scan = `# backup.example.org:22 SSH-2.0-OpenSSH_9.2\nbackup.example.org ${hostKey}\r\n`
    const input = sftp('x', { options: { ...sftp('x').options, host_key: scan } })
    expect(input.options).toMatchObject({ host_key: hostKey })
    expect(faultsOf({ ...sftp('x'), options: { ...sftp('x').options, host_key: 'trust me' } })).toEqual(['host_key'])
    expect(faultsOf({ ...sftp('x'), options: { ...sftp('x').options, host_key: '' } })).toContain('host_key')
  })

  it('refuses a password inside an address, which would be shown', () => {
    const options = { url: 'https://keeper:secret@dav.example.org/', vendor: 'other' }
    expect(faultsOf({ ...base, backend: 'webdav', baseFolder: 'WT', options })).toEqual(['url'])
  })

  it('takes each slug once', async () => {
    await createRemote(actor, sftp('twice'))
    await expect(createRemote(actor, sftp('twice'))).rejects.toMatchObject({ code: 'slug-taken', where: 'slug' })
  })
})

describe('a remote that is in use', () => {
  async function usedRemote(slug: string) {
    const input: RemoteInput = sftp(slug)
    const { id } = await createRemote(actor, input)
    const instance = await createInstance(db)
    const worker = await createWorker(db, instance.id)
    const source = await createSource(db, instance.id, worker.id)
    const plan = await createPlan(db, { instanceId: instance.id, sourceIds: [source.id], remoteId: id })
    const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: id }
    const backup = await createGoodBackup(db, facts)
    return { id, plan, backup, input }
  }

  it('is not deleted while a plan writes to it or backups lie on it', async () => {
    const { id, plan, backup } = await usedRemote('in-use')
    await expect(deleteRemote(actor, id)).rejects.toMatchObject({ code: 'remote-in-use' })
    await db.plan.delete({ where: { id: plan.id } })
    await expect(deleteRemote(actor, id)).rejects.toMatchObject({ code: 'remote-in-use' })
    await db.copy.updateMany({ where: { backupId: backup.id }, data: { presence: 'pruned' } })
    await deleteRemote(actor, id)
    expect(await db.remote.count({ where: { id } })).toBe(0)
    expect(await db.backup.count({ where: { id: backup.id } })).toBe(1)
  })

  it('does not come to point elsewhere unnoticed', async () => {
    const { id, input } = await usedRemote('moved')
    const moved = { ...input, baseFolder: 'Elsewhere' } as RemoteInput
    await expect(updateRemote(actor, id, moved, { confirmedMove: false })).rejects.toMatchObject({
      code: 'confirm-move',
    })
    await updateRemote(actor, id, moved, { confirmedMove: true })
    expect((await getRemote(id)).baseFolder).toBe('Elsewhere')
  })
})
