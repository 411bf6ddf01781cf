import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openCloudRemote, startBoxRemote } from '@/e2e/fake-providers/box-remote'
import { knownHashTypes } from './parts/hash-file'
import type { TrialRemote } from './remote/loopback-servers'

const box = await startBoxRemote()
const servers = await import('./remote/loopback-servers')
const { runBackup } = await import('./run-backup')
const { runRestore } = await import('./run-restore')
const { runPrune } = await import('./run-prune')
const { testRemote } = await import('./test-remote')
const { RunRig } = await import('./run-rig')

const boxTrial = (): TrialRemote => ({ remote: box.remote, folder: '', stop: async () => {} })
async function driveTrial(): Promise<TrialRemote> {
  const { remote, broker } = await openCloudRemote(box.fake, 'drive')
  return { remote, folder: '', stop: broker.stop }
}
const kinds: [string, string, () => Promise<TrialRemote> | TrialRemote][] = [
  ['local', 'a folder of the host', servers.localRemote],
  ['sftp', 'OpenSSH’s sshd', servers.openSshRemote],
  ['sftp', 'rclone serve sftp', servers.sftpRemote],
  ['webdav', 'rclone serve webdav', servers.webdavRemote],
  ['s3', 's3rver', servers.s3Remote],
  ['ftp', 'pyftpdlib, with disable_mlsd', servers.ftpRemote],
  ['box', 'e2e/fake-providers, by a token broker', boxTrial],
  ['drive', 'e2e/fake-providers, by a token broker', driveTrial],
]
const mebibyte = 1024 ** 2
const rows: string[][] = []

afterAll(() => box.stop())

describe('the provider matrix', () => {
  it.each(kinds)('%s, %s', { timeout: 400_000 }, async (backend, server, make) => {
    const trial = await make()
    const rig = new RunRig(trial.remote)
    rig.policy.backends = [trial.remote.backend]
    writeFileSync(join(rig.sourceFolder, 'data'), randomBytes(3 * mebibyte))
    const answer = await testRemote(trial.remote, rig.context())
    expect(answer.steps.filter((step) => !step.ok)).toEqual([])

    const spec = rig.backupSpec()
    expect(await runBackup(spec, rig.context())).toBe('succeeded')
    const parts = rig.events.filter((event) => event.type === 'part')
    expect(await runRestore(rig.restoreSpec(spec), rig.context())).toBe('succeeded')
    expect(rig.last('comparison').comparison.differenceCount).toBe(0)

    const items = [{ backupId: spec.backupId, folder: rig.folder(), reason: 'retention' as const }]
    const prune = {
      pruneId: randomUUID(),
      attempt: 1,
      instance: rig.instance,
      worker: rig.worker,
      remote: rig.remote,
      items,
    }
    expect(await runPrune(prune, rig.context())).toBe('succeeded')
    rig.close()
    await trial.stop()
    const checks = [...new Set(parts.map((part) => part.checked))].join(', ')
    const hashes = knownHashTypes.filter((type) => answer.hashes.includes(type)).join(', ')
    const about = answer.quota ? 'yes' : 'no'
    rows.push([
      backend,
      server,
      'passed',
      `passed, ${parts.length} parts`,
      checks,
      hashes || 'none',
      'identical',
      'passed',
      about,
    ])
  })

  it('is what docs/remote-matrix.md says', async () => {
    const head = [
      'backend',
      'server in the test',
      'test of the remote',
      'backup',
      'parts checked by',
      'hashes we know',
      'restore',
      'deleted',
      'tells free space',
    ]
    const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
    const text = `# Provider matrix\n\nMade by \`engine/remote-matrix.integration.test.ts\` (\`npx vitest run engine/remote-matrix -u\` makes it anew). What each means: [remotes.md](remotes.md).\n\n${lines.join('\n')}\n`
    await expect(text).toMatchFileSnapshot('../docs/remote-matrix.md')
  })
})
