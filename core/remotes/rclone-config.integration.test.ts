import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { runCommand } from '@/lib/command'
import type { Db } from '@/lib/db'
import { obscure } from '@/lib/rclone-obscure'
import { openTestDatabase } from '@/scripts/test-database'
import { exportRemotes } from './export-remotes'
import { importRemotes } from './import-remotes'
import { previewImport } from './preview-import'
import { toRemote } from './remote-spec'

const actor: Actor = { kind: 'user', id: null, name: 'Ada', role: 'admin' }
const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`
let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

const config = `
# by hand
[store]
type = sftp
host = files.example.org
user = wt
pass = ${obscure('marker-pass')}
shell_type = unix
md5sum_command = sh -c id
key_file = /etc/shadow

[inner]
type = alias
remote = store:deep/folder

[hidden]
type = crypt
remote = inner:wt
password = ${obscure('marker-crypt')}
password2 = ${obscure('marker-salt')}
filename_encryption = off

[loop]
type = alias
remote = loop:

[many]
type = union
upstreams = store: inner:

[bucket]
type = s3
provider = Minio
env_auth = false
access_key_id = id
secret_access_key = marker-s3
endpoint = https://s3.example.org

[mybox]
type = box
token = {"access_token":"x","refresh_token":"marker-token"}

[blob]
type = b2
account = id
key = marker-b2
`
const chosen = (section: string, changes: object = {}) => ({
  ...{ section, slug: section, name: section, baseFolder: 'bucket/WT', hostKey: '', connectionId: '', ...changes },
})
const rowOf = async (slug: string) => toRemote(await db.remote.findUniqueOrThrow({ where: { slug } }))

describe('an rclone.conf that is looked at', () => {
  const choices = previewImport(config)
  const of = (name: string) => choices.find((choice) => choice.name === name)

  it('shows every section, and no secret', () => {
    expect(choices.map(({ name }) => name)).toEqual([
      'store',
      'inner',
      'hidden',
      'loop',
      'many',
      'bucket',
      'mybox',
      'blob',
    ])
    expect(JSON.stringify(choices)).not.toContain('marker')
    expect(of('bucket')).toMatchObject({ backend: 's3', secrets: ['secret_access_key'], refused: [], lacks: [] })
  })

  it('names what is left out, and why', () => {
    const words = of('store')?.refused.join('\n')
    expect(words).toMatch(/md5sum_command runs a program/)
    expect(words).toMatch(/key_file reads or writes a file/)
    expect(words).toMatch(/shell_type/)
  })

  it('follows alias and crypt to what lies below, and says where that leads nowhere', () => {
    expect(of('hidden')).toMatchObject({ backend: 'sftp', baseFolder: 'deep/folder/wt', encrypted: true })
    expect(of('inner')).toMatchObject({ backend: 'sftp', baseFolder: 'deep/folder', needsHostKey: true })
    expect(of('loop')?.lacks).not.toEqual([])
    expect(of('many')?.lacks.join()).toContain('union')
    expect(of('mybox')?.signIn).toBe('foreign')
  })

  it('is refused when it is encrypted, or something else', () => {
    expect(() => previewImport('RCLONE_ENCRYPT_V0:\nabc')).toThrow(/encrypted by a password/)
    expect(() => previewImport('[a]\ntype = sftp\nnonsense')).toThrow(/Line 3/)
    expect(() => previewImport('')).toThrow(/no section/)
  })
})

describe('an rclone.conf that is imported', () => {
  it('becomes remotes with the passwords revealed and sealed; what fails keeps none of the others', async () => {
    const results = await importRemotes(
      actor,
      config,
      [
        chosen('hidden', { baseFolder: 'deep/folder/wt', hostKey }),
        chosen('store', { baseFolder: 'WT' }),
        chosen('bucket'),
        chosen('blob'),
        chosen('many'),
      ],
      true,
    )
    expect(results.map(({ section, made }) => [section, made])).toEqual([
      ['hidden', true],
      ['store', false],
      ['bucket', true],
      ['blob', true],
      ['many', false],
    ])
    expect(await rowOf('hidden')).toMatchObject({
      ...{ backend: 'sftp', options: { host: 'files.example.org', port: '22', pass: 'marker-pass' } },
      crypt: { password: 'marker-crypt', password2: 'marker-salt', names: 'off', folders: true },
    })
    expect(await rowOf('blob')).toMatchObject({ backend: 'b2', options: { account: 'id', key: 'marker-b2' } })
    const stored = JSON.stringify([await db.remote.findMany(), await db.auditEvent.findMany()])
    expect(stored).not.toContain('marker')
  })

  it('is not, of an encrypted one, before its passwords are known to be kept', async () => {
    const [result] = await importRemotes(actor, config, [chosen('hidden', { slug: 'again', hostKey })], false)
    expect(result).toMatchObject({ made: false, words: expect.stringContaining('Save the text') })
  })
})

describe('an export', () => {
  it('is an rclone.conf that rclone understands and that can be imported again, and is audited', async () => {
    const text = await exportRemotes(actor)
    const folder = mkdtempSync(join(tmpdir(), 'talekeeper-export-'))
    writeFileSync(join(folder, 'rclone.conf'), text)
    const environment = { RCLONE_CONFIG: join(folder, 'rclone.conf') }
    const listed = await runCommand('rclone', { arguments: ['listremotes'], environment })
    rmSync(folder, { recursive: true })
    expect(listed.stdout.toString('utf8').split('\n').filter(Boolean).sort()).toEqual(
      ['blob:', 'bucket:', 'hidden-below:', 'hidden:'].sort(),
    )
    expect(previewImport(text).find(({ name }) => name === 'hidden')).toMatchObject({
      ...{ backend: 'sftp', baseFolder: 'deep/folder/wt', encrypted: true, refused: [], lacks: [] },
    })
    expect(await db.auditEvent.findFirst({ where: { action: 'remote.export' } })).toMatchObject({ actorName: 'Ada' })
  })
})
