import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runBackup } from '@/engine/run-backup'
import { runInspection } from '@/engine/run-inspection'
import { runPrune } from '@/engine/run-prune'
import { runRestore } from '@/engine/run-restore'
import { RunRig } from '@/engine/run-rig'
import { testRemote } from '@/engine/test-remote'
import type { Crypt } from '@/protocol/remotes'
import { localRemote, s3Remote, sftpRemote, type TrialRemote } from './loopback-servers'

const crypt: Crypt = {
  ...{ password: 'marker-crypt-password', password2: 'marker-crypt-salt' },
  ...{ names: 'standard', folders: true, encoding: 'base32' },
}
let trial: TrialRemote
let rig: RunRig
afterEach(async () => {
  rig.close()
  await trial.stop()
})

test.each([
  ['a local folder', localRemote],
  ['SFTP', sftpRemote],
  ['S3', s3Remote],
] as const)(
  'on %s that is encrypted nothing is readable, and backups are checked, found, restored and deleted all the same',
  async (_name, make) => {
    trial = await make()
    rig = new RunRig({ ...trial.remote, crypt })
    writeFileSync(join(rig.sourceFolder, 'file'), 'content of the marker file'.repeat(1000))

    const tried = await testRemote(rig.remote, rig.context())
    expect(tried.steps.map(({ name, problem }) => [name, problem]).filter(([, problem]) => problem)).toEqual([])
    expect(tried.hashes).toEqual([])

    const spec = rig.backupSpec()
    expect(await runBackup(spec, rig.context())).toBe('succeeded')
    expect(rig.last('part').checked).toBe('read back')
    const lying = readdirSync(trial.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(lying.length).toBeGreaterThan(3)
    for (const entry of lying) {
      expect(join(entry.parentPath, entry.name)).not.toMatch(/manifest|files\.tar|wt-test|nightly/)
      expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toMatch(/marker|nightly/)
    }

    const about = { attempt: 1, instance: rig.instance, worker: rig.worker, remote: rig.remote }
    const limits = { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond: null }
    const found: string[] = []
    const adoption = { ...about, kind: 'adoption' as const, folders: [rig.folder()], signingKeys: [], limits }
    await runInspection(
      { ...adoption, inspectionId: randomUUID() },
      {
        ...rig.context(),
        handIn: async ({ folder }) => {
          found.push(folder)
          return 'adopted'
        },
      },
    )
    expect(found).toEqual([rig.folder()])

    expect(await runRestore(rig.restoreSpec(spec), rig.context())).toBe('succeeded')
    const items = [{ backupId: spec.backupId, folder: rig.folder(), reason: 'retention' as const }]
    expect(await runPrune({ ...about, pruneId: randomUUID(), items }, rig.context())).toBe('succeeded')
    expect(rig.last('pruned').problem).toBeNull()
  },
)

test('with another password the folder holds nothing that can be read, and nothing is overwritten', async () => {
  trial = await localRemote()
  rig = new RunRig({ ...trial.remote, crypt })
  writeFileSync(join(rig.sourceFolder, 'file'), 'content')
  const spec = rig.backupSpec()
  await runBackup(spec, rig.context())
  const wrong = { ...rig.remote, crypt: { ...crypt, password: 'another' } }
  await expect(runRestore(rig.restoreSpec(spec, { remote: wrong }), rig.context())).rejects.toThrow()
})
