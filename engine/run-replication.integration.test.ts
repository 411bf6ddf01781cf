import { randomBytes, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { makeSigningKey, sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { ReplicationSpec } from '@/protocol/specs'
import { Cancelled, type ReplicationContext } from './context'
import { localRemote, s3Remote, sftpRemote, type TrialRemote, webdavRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runReplication } from './run-replication'
import { runRestore } from './run-restore'
import { RunRig } from './run-rig'

/** Real backups in a local folder, copied by the real rclone. */
let source: TrialRemote
let target: TrialRemote
let rig: RunRig
let spec: ReplicationSpec
let goes: number

async function start(makeTarget: () => Promise<TrialRemote> | TrialRemote): Promise<void> {
  source = localRemote()
  target = await makeTarget()
  rig = new RunRig(source.remote)
  goes = 0
  // does not compress: three parts of one MiB and a little
  writeFileSync(join(rig.sourceFolder, 'data'), randomBytes(3.5 * 1024 ** 2))
  const backup = rig.backupSpec()
  await runBackup(backup, rig.context())
  const folder = rig.folder()
  const manifestSha256 = sha256Hex(readFileSync(join(source.folder, rig.instance.slug, folder, 'manifest.json')))
  rig.events.length = 0
  spec = {
    replicationId: randomUUID(),
    attempt: 1,
    instance: rig.instance,
    worker: rig.worker,
    backup: { id: backup.backupId, instance: rig.instance, folder, manifestSha256 },
    from: source.remote,
    to: target.remote,
    partCheck: 'hash',
    signingKeys: [rig.key.publicKey],
    limits: { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond: null },
  }
}
async function stop(): Promise<void> {
  rig.close()
  await Promise.all([source.stop(), target.stop()])
}

function copy(changes: Partial<ReplicationSpec> = {}, context: Partial<ReplicationContext> = {}) {
  const requestCopyGo = async () => void goes++
  return runReplication({ ...spec, ...changes }, { ...rig.context(), requestCopyGo, ...context })
}
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => 'no error',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const there = () => join(target.folder, rig.instance.slug, spec.backup.folder)
const here = () => join(source.folder, rig.instance.slug, spec.backup.folder)
const listed = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : [])
const logged = () => rig.events.flatMap((event) => (event.type === 'log' ? [event.text] : []))
const contentOf = (folder: string) =>
  Object.fromEntries(listed(folder).map((name) => [name, sha256Hex(readFileSync(join(folder, name)))]))

describe.each([
  ['a folder', localRemote],
  ['SFTP', sftpRemote],
  ['WebDAV', webdavRemote],
  ['S3', s3Remote],
] as const)('to %s', (kind, make) => {
  beforeEach(() => start(make))
  afterEach(stop)

  it('a backup is the same there, byte by byte, and is restored from there', async () => {
    expect(await copy()).toBe('succeeded')
    expect(goes).toBe(1)
    expect(rig.last('folder').folder).toBe(spec.backup.folder)
    expect(['uploaded', 'readBack']).toContain(rig.last('copied').verification)
    if (kind !== 'S3') expect(contentOf(there())).toEqual(contentOf(here()))
    await source.stop() // the first remote is gone
    const backup = rig.backupSpec({ backupId: spec.backup.id })
    const restore = rig.restoreSpec(backup, { remote: target.remote, backup: spec.backup })
    expect(await runRestore(restore, rig.context())).toBe('succeeded')
    expect(rig.last('comparison').comparison).toMatchObject({ differenceCount: 0, refusedCount: 0 })
  })

  it('promise: an interrupted copy is no backup, and the next try sends only what is not there yet', async () => {
    const controller = new AbortController()
    const progress: ReplicationContext['progress'] = ({ uploadedBytes }) => {
      if (uploadedBytes > 1024 ** 2) controller.abort(new Cancelled())
    }
    // so slow that progress is told between two parts
    const limits = { ...spec.limits, bytesPerSecond: 2 * 1024 ** 2 }
    await expect(copy({ limits }, { signal: controller.signal, progress })).rejects.toThrow(Cancelled)
    expect(goes).toBe(0)
    expect(listed(there())).not.toContain('manifest.json')
    expect(rig.events.some(({ type }) => type === 'copied')).toBe(false)
    expect(await copy()).toBe('succeeded')
    expect(logged().join('\n')).toMatch(/[1-9] of \d+ parts lie there already, and are right\./)
  })
})

describe('a copy', () => {
  beforeEach(() => start(localRemote))
  afterEach(stop)

  it('promise: without a go there is no manifest', async () => {
    const refuse = () => Promise.reject(new Problem({ code: 'stale-attempt', text: 'no' }))
    expect(await codeOf(copy({}, { requestCopyGo: refuse }))).toBe('stale-attempt')
    expect(listed(there())).not.toContain('manifest.json')
  })

  it('mends what an earlier try left: a short part, one with other content, halves of rclone, a cut manifest', async () => {
    await copy()
    const [first = '', second = ''] = listed(there()).filter((name) => name.startsWith('files.tar'))
    truncateSync(join(there(), first), 10)
    const bytes = readFileSync(join(there(), second))
    bytes[5] = (bytes[5] ?? 0) ^ 1
    rmSync(join(there(), second)) // the spool may share it by hard link
    writeFileSync(join(there(), second), bytes)
    writeFileSync(join(there(), `${first}.a1B2c3D4.partial`), 'half')
    writeFileSync(join(there(), 'manifest.json'), '{"format":')
    expect(await copy()).toBe('succeeded')
    expect(contentOf(there())).toEqual(contentOf(here()))
  })

  it('done twice changes nothing, and sends nothing', async () => {
    await copy()
    const part = join(there(), 'files.tar.zst.00000')
    const before = statSync(part).ino
    expect(await copy()).toBe('succeeded')
    expect(statSync(part).ino).toBe(before)
    expect(contentOf(there())).toEqual(contentOf(here()))
  })

  it('promise: a folder of another instance is refused, and nothing is written into it', async () => {
    const folder = join(target.folder, rig.instance.slug)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.talekeeper.json'), JSON.stringify({ format: 1, instanceId: randomUUID(), slug: 'x' }))
    expect(await codeOf(copy())).toBe('foreign-folder')
    expect(listed(folder)).toEqual(['.talekeeper.json'])
    expect(rig.events.some(({ type }) => type === 'folder')).toBe(false)
  })

  it('promise: a folder that holds something else is refused, and left as it is', async () => {
    mkdirSync(there(), { recursive: true })
    writeFileSync(join(there(), 'letter.txt'), 'mine')
    expect(await codeOf(copy())).toBe('folder-taken')
    rmSync(join(there(), 'letter.txt'))
    writeFileSync(join(there(), 'manifest.json'), '{"backupId":"another"}')
    expect(await codeOf(copy())).toBe('folder-taken')
    expect(listed(there())).toEqual(['manifest.json'])
    expect(rig.events.some(({ type }) => type === 'folder')).toBe(false)
  })

  it('promise: what was altered on the first remote is not copied on as if it were good', async () => {
    const part = join(here(), 'files.tar.zst.00001')
    const bytes = readFileSync(part)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    rmSync(part)
    writeFileSync(part, bytes)
    expect(await codeOf(copy())).toBe('part-altered')
    expect(goes).toBe(0)
    expect(listed(there())).not.toContain('manifest.json')
  })

  it('promise: a manifest that is altered, unsigned, or signed by another is refused before anything is written', async () => {
    expect(await codeOf(copy({ signingKeys: [makeSigningKey().publicKey] }))).toBe('manifest-wrong-signature')
    rmSync(join(here(), 'manifest.sig'))
    expect(await codeOf(copy())).toBe('manifest-unsigned')
    writeFileSync(join(here(), 'manifest.json'), '{}')
    expect(await codeOf(copy())).toBe('manifest-altered')
    expect(existsSync(there())).toBe(false)
  })

  it('goes nowhere that this host’s policy does not allow', async () => {
    rig.policy = { ...rig.policy, localRemoteRoots: [dirname(source.folder)] }
    expect(await codeOf(copy())).toBe('outside-policy')
  })

  it('promise: a disk that fills up there leaves no backup; once it has room the copy goes on', async (test) => {
    mkdirSync(target.folder, { recursive: true })
    const onDisk = (options: string) =>
      runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', options, 'tmpfs', target.folder] })
    if ((await onDisk('size=2m')).exitCode !== 0) return test.skip('needs the right to mount a tmpfs')
    try {
      expect(await codeOf(copy())).toBe('remote-full')
      expect(goes).toBe(0)
      expect(listed(there())).not.toContain('manifest.json')
      await onDisk('remount,size=20m')
      expect(await copy()).toBe('succeeded')
      expect(logged().join('\n')).toContain('lie there already, and are right.')
      expect(contentOf(there())).toEqual(contentOf(here()))
    } finally {
      await runCommand('umount', { arguments: [target.folder] })
    }
  })

  it('keeps the bandwidth limit of its plan', async () => {
    const begin = performance.now()
    const bytesPerSecond = 2 * 1024 ** 2
    expect(await copy({ limits: { ...spec.limits, bytesPerSecond } })).toBe('succeeded')
    // 3.5 MiB come and 3.5 MiB go; what rclone lets through at the beginning of each part is not counted on
    expect(performance.now() - begin).toBeGreaterThan(1500)
  })
})
