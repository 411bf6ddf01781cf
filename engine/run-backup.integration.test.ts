import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { phases } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { Cancelled } from './context'
import { localRemote, s3Remote, sftpRemote, type TrialRemote, webdavRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runRestore } from './run-restore'
import { RunRig, readManifestFile } from './run-rig'

let trial: TrialRemote
let rig: RunRig

async function start(make: () => Promise<TrialRemote> | TrialRemote = localRemote) {
  trial = await make()
  rig = new RunRig(trial.remote)
  makeTree(rig.sourceFolder)
}

afterEach(async () => {
  expect(readdirSync(join(rig.work, 'spool')), 'the spool is empty').toEqual([])
  expect(readdirSync(join(rig.work, 'temporary')), 'no temporary file is left').toEqual([])
  rig.close()
  await trial.stop()
})

const backupFolder = () => join(trial.folder, rig.instance.slug, rig.folder())

function makeTree(folder: string) {
  mkdirSync(join(folder, 'a dir', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'text.txt'), 'hello\n')
  writeFileSync(join(folder, 'a dir', 'random.bin'), randomBytes(2_500_000))
  writeFileSync(join(folder, 'a dir', 'deep', 'new\nline "quoted"'), '')
  linkSync(join(folder, 'text.txt'), join(folder, 'a dir', 'hard link'))
  symlinkSync('/nowhere/at all', join(folder, 'dangling'))
  writeFileSync(join(folder, 'sparse'), 'x')
  truncateSync(join(folder, 'sparse'), 3_000_000)
  chmodSync(join(folder, 'text.txt'), 0o4755)
}

async function problemOf(action: Promise<unknown>): Promise<Problem> {
  const error = await action.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof Problem) return error
  throw new Error(`expected a Problem, got ${String(error)}`)
}

describe('a whole backup and restore', () => {
  const remotes = [
    ['a local folder', localRemote, 'hash'],
    ['SFTP', sftpRemote, 'hash'],
    ['WebDAV', webdavRemote, 'read back'],
    ['S3', s3Remote, 'hash'],
  ] as const
  it.each(remotes)('comes back byte for byte by way of %s', async (_name, make, checked) => {
    await start(make)
    const spec = rig.backupSpec()
    expect(await runBackup(spec, rig.context())).toBe('succeeded')
    const parts = rig.events.filter((event) => event.type === 'part')
    expect(new Set(parts.map((part) => part.checked))).toEqual(new Set([checked]))
    const restore = rig.restoreSpec(spec)
    expect(await runRestore(restore, rig.context())).toBe('succeeded')
    const { comparison } = rig.last('comparison')
    expect(comparison).toMatchObject({ entriesExpected: 9, entriesIdentical: 9, refusedCount: 0, differenceCount: 0 })
    expect(lstatSync(restore.target.folder).mode & 0o777).toBe(0o700)
  })

  it('reports every phase, its folder before anything is in it, and what it made', async () => {
    await start()
    let wasEmpty: boolean | null = null
    const context = rig.context({
      report: (event) => {
        rig.events.push(event)
        if (event.type === 'folder') wasEmpty = !existsSync(backupFolder())
      },
    })
    const config = join(rig.work, 'app.env')
    writeFileSync(config, 'SETTING=1\n')
    const configSource = { kind: 'config' as const, id: rig.plan.id, slug: 'settings', paths: [config] }
    await runBackup(rig.backupSpec({ sources: [rig.treeSource(), configSource] }), context)
    expect(wasEmpty).toBe(true)
    const ended = rig.events.flatMap((event) =>
      event.type === 'phase' && event.state !== 'started' ? [event.phase] : [],
    )
    expect(ended).toEqual([...phases.backup])
    const { manifest } = readManifestFile(backupFolder())
    expect(manifest.artifacts.map((artifact) => artifact.name)).toEqual([
      'files.tar.zst',
      'files.index.jsonl.zst',
      'config.tar.zst',
      'config.index.jsonl.zst',
    ])
    expect(rig.last('summary').trees.homes?.entries).toBe(9)
  })

  it('takes what patterns match when it runs, leaves out what may be missing, and fails where nothing matches', async () => {
    await start()
    const config = join(rig.work, 'conf.d')
    mkdirSync(config)
    for (const name of ['a.yaml', 'b.yaml', 'c.txt']) writeFileSync(join(config, name), name)
    const source = (paths: string[], optionalPaths: string[] = []) => ({
      ...{ kind: 'config' as const, id: rig.plan.id, slug: 'settings' },
      ...{ paths, optionalPaths },
    })
    const sources = [source([join(config, '*.yaml')], [join(config, '*.lic'), join(rig.work, 'absent')])]
    expect(await runBackup(rig.backupSpec({ sources }), rig.context())).toBe('succeeded')
    const { manifest } = readManifestFile(backupFolder())
    expect(manifest.sources).toEqual([
      { kind: 'config', slug: 'settings', paths: [join(config, 'a.yaml'), join(config, 'b.yaml')], exclude: [] },
    ])
    for (const none of [source([join(config, '*.toml')]), source([], [join(config, '*.toml')])])
      await expect(runBackup(rig.backupSpec({ sources: [none] }), rig.context())).rejects.toMatchObject({
        code: 'source-missing',
      })
  })

  it('can be restored with plain shell tools (DESIGN section 4)', async () => {
    await start()
    await runBackup(rig.backupSpec(), rig.context())
    const target = join(rig.work, 'by-hand')
    mkdirSync(target)
    const script = `set -eu; cd '${backupFolder()}'; sha256sum --check --quiet SHA256SUMS; cat files.tar.zst.* | zstd -d | tar -x -C '${target}'; diff -r --no-dereference '${rig.sourceFolder}' '${target}${rig.sourceFolder}'`
    const shell = await runCommand('sh', { arguments: ['-c', script] })
    expect(shell.stderr).toBe('')
    expect(shell.exitCode).toBe(0)
  })

  it('is unsigned without a dashboard, and then anchored by the manifest’s SHA-256 alone', async () => {
    await start()
    const spec = rig.backupSpec()
    await runBackup(spec, rig.context({ requestGo: async () => null }))
    expect(existsSync(join(backupFolder(), 'manifest.sig'))).toBe(false)
    const restore = rig.restoreSpec(spec)
    expect((await problemOf(runRestore(restore, rig.context()))).code).toBe('manifest-unsigned')
    const { sha256 } = readManifestFile(backupFolder())
    restore.backup.manifestSha256 = sha256
    expect(await runRestore(restore, rig.context())).toBe('succeeded')
  })

  it('writes no manifest when control refuses the go', async () => {
    await start()
    const refusal = new Problem({ code: 'stale-attempt', text: 'no' })
    const context = rig.context({ requestGo: () => Promise.reject(refusal) })
    await expect(runBackup(rig.backupSpec(), context)).rejects.toBe(refusal)
    expect(readdirSync(backupFolder()).filter((name) => name.startsWith('manifest'))).toEqual([])
  })

  it('holds retention and warns when the backup shrank against the last good one', async () => {
    await start()
    const baseline = {
      backupId: rig.plan.id,
      namespaces: {},
      trees: { homes: { entries: 5000, bytes: 10 ** 9 } },
      changedFiles: 0,
    }
    expect(await runBackup(rig.backupSpec({ baseline }), rig.context())).toBe('warning')
    expect(rig.last('summary').held.length).toBe(2)
  })
})

describe('a remote that is not ours to use', () => {
  it('belonging to a stranger is left alone', async () => {
    await start()
    await runBackup(rig.backupSpec(), rig.context())
    const stranger = new RunRig(trial.remote)
    writeFileSync(join(stranger.sourceFolder, 'x'), 'x')
    try {
      expect((await problemOf(runBackup(stranger.backupSpec(), stranger.context()))).code).toBe('foreign-folder')
      expect(stranger.events.some((event) => event.type === 'folder')).toBe(false)
    } finally {
      stranger.close()
    }
  })

  it('outside the host’s policy is not touched', async () => {
    await start()
    rig.policy.localRemoteRoots = [join(rig.work, 'elsewhere')]
    expect((await problemOf(runBackup(rig.backupSpec(), rig.context()))).code).toBe('outside-policy')
    expect(existsSync(trial.folder)).toBe(false)
  })
})

describe('cancelling', () => {
  it.each(phases.backup.filter((phase) => !['mongodb', 'config'].includes(phase)))(
    'in phase %s ends at once, leaves no program and no manifest',
    async (phase) => {
      await start()
      const cancelled = new Cancelled()
      const context = rig.context({
        report: (event) => {
          rig.events.push(event)
          if (event.type === 'phase' && event.phase === phase && event.state === 'started')
            setImmediate(() => rig.controller.abort(cancelled))
        },
        requestGo: () =>
          new Promise((_, reject) => rig.controller.signal.addEventListener('abort', () => reject(cancelled))),
      })
      if (phase === 'manifest') context.requestGo = async () => null
      await expect(runBackup(rig.backupSpec(), context)).rejects.toBe(cancelled)
      expect(await childProcesses()).toEqual([])
      const folder = rig.events.some((event) => event.type === 'folder') ? backupFolder() : null
      expect(folder !== null && existsSync(join(folder, 'manifest.json'))).toBe(false)
    },
  )
})

describe('secrets', () => {
  it('are in no command line, no file and no event of a run', async () => {
    await start(sftpRemote)
    const secret = rig.remote.backend === 'sftp' ? (rig.remote.options.pass ?? '') : ''
    expect(secret).not.toBe('')
    const seen = new Set<string>()
    let sampling = true
    const sampler = (async () => {
      while (sampling) {
        for (const line of commandLines()) seen.add(line)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await runBackup(rig.backupSpec(), rig.context())
    sampling = false
    await sampler
    const lines = [...seen]
    expect(lines.filter((line) => line.includes('rclone')).length).toBeGreaterThan(3)
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
    expect(JSON.stringify(rig.events)).not.toContain(secret)
  })
})

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })
}

/** Programs that this process has started and that still run. */
async function childProcesses(): Promise<string[]> {
  const result = await runCommand('ps', { arguments: ['-o', 'comm=', '--ppid', String(process.pid)] })
  return result.stdout
    .toString()
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => /^(?:rclone|zstd|tar|nice|ionice|setpriv)$/.test(name))
}
