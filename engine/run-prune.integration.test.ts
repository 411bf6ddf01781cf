import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/protocol/problem'
import type { BackupSpec, PruneSpec } from '@/protocol/specs'
import { localRemote, s3Remote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runPrune } from './run-prune'
import { RunRig } from './run-rig'

let trial: TrialRemote
let rig: RunRig

async function start(make: () => Promise<TrialRemote> | TrialRemote) {
  trial = await make()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'file'), 'content')
}
beforeEach(() => start(localRemote))
afterEach(async () => {
  rig.close()
  await trial.stop()
})

const instanceFolder = () => join(trial.folder, rig.instance.slug)

async function make(): Promise<{ spec: BackupSpec; folder: string }> {
  const spec = rig.backupSpec()
  await runBackup(spec, rig.context())
  return { spec, folder: rig.folder() }
}

async function leftover(): Promise<{ spec: BackupSpec; folder: string }> {
  const spec = rig.backupSpec()
  const refusal = new Problem({ code: 'stale-attempt', text: 'no' })
  const context = rig.context({ requestGo: () => Promise.reject(refusal) })
  await expect(runBackup(spec, context)).rejects.toBe(refusal)
  return { spec, folder: rig.folder() }
}

/** The S3 server keeps an object in files of longer names. */
function namesIn(folder: string): string[] {
  const path = join(instanceFolder(), folder)
  return existsSync(path) ? readdirSync(path) : []
}

function prune(items: PruneSpec['items']) {
  const spec: PruneSpec = {
    pruneId: randomUUID(),
    attempt: 1,
    instance: rig.instance,
    worker: rig.worker,
    remote: rig.remote,
    items,
  }
  return runPrune(spec, rig.context())
}
const item = (of: { spec: BackupSpec; folder: string }, reason: PruneSpec['items'][number]['reason']) => ({
  backupId: of.spec.backupId,
  folder: of.folder,
  reason,
})
const verdicts = () => rig.events.flatMap((event) => (event.type === 'pruned' ? [event.problem?.code ?? 'gone'] : []))

describe('deleting', () => {
  it.each([
    ['a local folder', localRemote],
    ['S3', s3Remote],
  ] as const)(
    'removes exactly the listed backup and leftover, then the empty day, on %s',
    async (_name, makeRemote) => {
      rig.close()
      await trial.stop()
      await start(makeRemote)
      const [first, second, failed] = [await make(), await make(), await leftover()]
      expect(await prune([item(first, 'retention'), item(failed, 'leftover')])).toBe('succeeded')
      expect(verdicts()).toEqual(['gone', 'gone'])
      expect(namesIn(first.folder)).toEqual([])
      expect(namesIn(failed.folder)).toEqual([])
      expect(namesIn(second.folder).some((name) => name.startsWith('manifest.json'))).toBe(true)
      await prune([item(second, 'retention')])
      if (trial.remote.backend === 'local')
        expect(existsSync(join(instanceFolder(), dirname(second.folder)))).toBe(false)
      expect(readdirSync(instanceFolder()).filter((name) => name.startsWith('.talekeeper')).length).toBeGreaterThan(0)
    },
  )

  it('by a person’s hand does the same, and clears a folder whose manifest an earlier try took already', async () => {
    const [whole, half] = [await make(), await make()]
    rmSync(join(instanceFolder(), half.folder, 'manifest.json'))
    expect(await prune([item(whole, 'requested'), item(half, 'requested')])).toBe('succeeded')
    expect([...namesIn(whole.folder), ...namesIn(half.folder)]).toEqual([])
  })

  it('counts a folder that is gone already as done', async () => {
    const made = await make()
    rmSync(join(instanceFolder(), made.folder), { recursive: true })
    expect(await prune([item(made, 'retention')])).toBe('succeeded')
    expect(verdicts()).toEqual(['gone'])
  })
})

describe('a half-deleted folder', () => {
  it('goes too: the manifest went first, and the run was cut off before the rest', async () => {
    const made = await make()
    rmSync(join(instanceFolder(), made.folder, 'manifest.json'))
    rmSync(join(instanceFolder(), made.folder, 'files.tar.zst.00000'))
    expect(await prune([item(made, 'retention')])).toBe('succeeded')
    expect(namesIn(made.folder)).toEqual([])
  })
})

describe('a link on the remote', () => {
  const elsewhere = () => join(rig.sourceFolder, 'elsewhere')
  beforeEach(() => {
    mkdirSync(elsewhere())
    writeFileSync(join(elsewhere(), 'precious'), 'x')
  })

  it('inside a backup’s folder goes, what it leads to stays', async () => {
    const made = await make()
    symlinkSync(elsewhere(), join(instanceFolder(), made.folder, 'link'))
    expect(await prune([item(made, 'retention')])).toBe('succeeded')
    expect(namesIn(made.folder)).toEqual([])
    expect(existsSync(join(elsewhere(), 'precious'))).toBe(true)
  })

  it.each(['the backup’s folder', 'the day'])(
    'in the place of %s is refused, and nothing behind it is touched',
    async (which) => {
      const made = await make()
      const path = join(instanceFolder(), which === 'the day' ? dirname(made.folder) : made.folder)
      const moved = join(elsewhere(), 'moved')
      renameSync(path, moved)
      symlinkSync(moved, path)
      expect(await prune([item(made, 'retention')])).toBe('warning')
      expect(verdicts()).toEqual(['folder-is-a-link'])
      expect(readdirSync(moved, { recursive: true }).join()).toContain('manifest.json')
    },
  )
})

/** A planted manifest never lets a genuine backup be deleted, nor does a wrong list. */
describe('refuses', () => {
  it('a leftover that has a manifest, and still does the rest', async () => {
    const [first, second] = [await make(), await make()]
    expect(await prune([item(first, 'leftover'), item(second, 'retention')])).toBe('warning')
    expect(verdicts()).toEqual(['has-manifest', 'gone'])
    expect(existsSync(join(instanceFolder(), first.folder, 'files.tar.zst.00000'))).toBe(true)
  })

  it.each(['retention', 'requested'] as const)('a folder whose manifest names another backup (%s)', async (reason) => {
    const [first, second] = [await make(), await make()]
    const swapped = { ...item(first, reason), folder: second.folder }
    expect(await prune([swapped])).toBe('warning')
    expect(verdicts()).toEqual(['other-backup'])
    expect(existsSync(join(instanceFolder(), second.folder, 'manifest.json'))).toBe(true)
  })

  it('everything below a stranger’s marker, or below none', async () => {
    const made = await make()
    const marker = join(instanceFolder(), '.talekeeper.json')
    writeFileSync(marker, JSON.stringify({ format: 1, instanceId: randomUUID(), slug: rig.instance.slug }))
    await expect(prune([item(made, 'retention')])).rejects.toMatchObject({ code: 'foreign-folder' })
    rmSync(marker)
    await expect(prune([item(made, 'retention')])).rejects.toMatchObject({ code: 'marker-missing' })
    expect(existsSync(join(instanceFolder(), made.folder, 'manifest.json'))).toBe(true)
  })
})
