import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { writeKit } from '@/core/recovery-kit/kit-format'
import { dropDatabases } from '@/engine/mongodb/drop-databases'
import { localRemote, type TrialRemote } from '@/engine/remote/loopback-servers'
import { runBackup } from '@/engine/run-backup'
import { RunRig } from '@/engine/run-rig'
import { runCommand } from '@/lib/command'
import { makeSigningKey } from '@/lib/crypto'
import { fillSampleMongodb } from './sample/mongodb'

/**
 * Promise: backups are restored without any dashboard by the very commands of docs/disaster-recovery.md, which are taken out of the
 * page and run against a real backup. Only names are put in; rclone, sha256sum, zstd, tar and the MongoDB server are real.
 */
const passphrase = 'correct horse battery staple'
const { signal } = new AbortController()
const blocks = [...readFileSync('docs/disaster-recovery.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, block]) => block ?? '',
)
let trial: TrialRemote
let rig: RunRig
let path: string

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'notes.txt'), 'what must never be lost\n'.repeat(5000))
  await fillSampleMongodb(inject('mongodbUrl'), { documents: 300, chunkMegabytes: 1, databasePrefix: 'disaster_' })
  const mongodb = {
    ...{ kind: 'mongodb' as const, id: rig.plan.id, slug: 'girder', reach: 'direct' as const },
    ...{ connection: inject('mongodbUrl'), databases: ['disaster_girder'] },
    ...{ consistency: 'best' as const, tools: 'built-in' as const },
  }
  await runBackup(rig.backupSpec({ sources: [mongodb, rig.treeSource()] }), rig.context())
  path = `${rig.instance.slug}/${rig.folder()}`
  inWork('rclone.conf', `[store]\ntype = alias\nremote = ${dirname(trial.folder)}\n`)
  inWork('mongodb.txt', inject('mongodbUrl'))
  inWork('mongorestore.yaml', `uri: ${inject('mongodbUrl')}\n`)
  inWork('passphrase.txt', `${passphrase}\n`)
  inWork('policy.json', JSON.stringify(rig.policy))
  inWork('kit.txt', await kitWith(rig.key))
})
afterAll(async () => {
  for (const databasePrefix of ['disaster_', 'back_', 'restored_disaster_'])
    await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix, signal })
  rig.close()
  await trial.stop()
})

function inWork(name: string, text: string): void {
  writeFileSync(join(rig.work, name), text, { mode: 0o600 })
}

function kitWith(key: { publicKey: string; privateKey: string }): Promise<string> {
  const signingKeys = [{ ...key, createdAt: '2026-01-01T00:00:00.000Z', retiredAt: null }]
  const kit = { format: 1 as const, madeAt: '2026-01-02T00:00:00.000Z', publicUrl: 'https://keeper.example.org' }
  return writeKit({ ...kit, sealingKeyId: 'none', signingKeys, instances: [] }, passphrase)
}

/** Runs commands of the page as a person's shell does: tar stops at the archive's end mark, which `pipefail` would take for a fault. */
function shell(commands: string, restored = 'restored') {
  const script = commands
    .replaceAll('/srv/restored', join(rig.work, 'restores', restored))
    .replaceAll('["/srv"]', JSON.stringify([rig.work]))
    .replaceAll('wt-prod/20261123/060000Z-nightly', path)
    .replaceAll('wt-prod/20190102', `${rig.instance.slug}/20190102`)
    .replaceAll("'girder.*'", "'disaster_girder.*'")
    .replaceAll("'restored_girder.*'", "'restored_disaster_girder.*'")
  const worker = [
    process.execPath,
    '--import',
    createRequire(import.meta.url).resolve('tsx'),
    resolve('worker/talekeeper-worker.ts'),
  ]
  const quoted = [...worker, '--state', join(rig.work, 'state'), '--policy', join(rig.work, 'policy.json')]
  const program = `talekeeper-worker() { ${quoted.map((word) => `'${word}'`).join(' ')} "$@"; }`
  const places = `export TSX_TSCONFIG_PATH='${resolve('tsconfig.json')}'; cd '${rig.work}'`
  return runCommand('bash', { arguments: ['-eu', '-c', `${places}; ${program}\n${script}`] })
}

function blockWith(words: string): string {
  const found = blocks.filter((block) => block.includes(words))
  expect(found, words).toHaveLength(1)
  return found[0] ?? ''
}

async function expectSame(restored: string, below = 'files'): Promise<void> {
  const back = join(rig.work, 'restores', restored, below, rig.sourceFolder)
  const difference = await runCommand('diff', { arguments: ['-r', rig.sourceFolder, back] })
  expect([difference.exitCode, difference.stdout.toString()]).toEqual([0, ''])
}

it('lists what is on the remote', async () => {
  const listed = await shell(blockWith('--remote store:WT\n'))
  expect([listed.stderr, listed.stdout.toString()]).toEqual(['', `${path}\n`])
})

it('restores files and databases by the worker’s program, signature checked', async () => {
  const restored = await shell(blockWith('--mongodb-file'), 'by-worker')
  expect([restored.exitCode, restored.stderr]).toEqual([0, ''])
  expect(restored.stdout.toString()).toMatch(/namespaces identical: ([1-9]\d*) of \1 /)
  await expectSame('by-worker')
})

it('restores what rclone fetched first', async () => {
  const restored = await shell(blockWith('[fetched]'), 'fetched')
  expect([restored.exitCode, restored.stderr]).toEqual([0, ''])
  await expectSame('fetched')
})

it('restores a file of the older scripts, and lists it as such', async () => {
  const day = join(trial.folder, rig.instance.slug, '20190102')
  mkdirSync(day)
  const file = join(day, 'home-20190102.tgz')
  await runCommand('tar', { arguments: ['-czf', file, '-C', rig.sourceFolder, 'notes.txt'] })
  const listed = await shell(blockWith('--remote store:WT\n'))
  expect(listed.stdout.toString()).toContain('home-20190102.tgz  (of the older scripts')
  const restored = await shell(blockWith('home-20190102.tgz'), 'older')
  expect([restored.exitCode, restored.stderr]).toEqual([0, ''])
  expect(restored.stdout.toString()).toContain('Its gzip checksum is right')
  const difference = await runCommand('diff', {
    arguments: ['-r', rig.sourceFolder, join(rig.work, 'restores', 'older')],
  })
  expect(difference.exitCode).toBe(0)
})

it('restores on a new host, with the policy of the page', async () => {
  const restored = await shell(blockWith('cat > policy.json'), 'new-host')
  inWork('policy.json', JSON.stringify(rig.policy))
  expect([restored.exitCode, restored.stderr]).toEqual([0, ''])
  await expectSame('new-host')
})

it('restores by plain shell tools', async () => {
  const restored = await shell(blockWith('sha256sum'), 'plain')
  expect([restored.exitCode, restored.stderr]).toEqual([0, ''])
  await expectSame('plain', '.')
})

it('restores databases by mongorestore', async (context) => {
  const { exitCode } = await runCommand('sh', { arguments: ['-c', 'command -v mongorestore'] })
  if (exitCode !== 0) {
    process.stdout.write(
      'SKIPPED: no mongorestore on this host; its command in docs/disaster-recovery.md was not run.\n',
    )
    return context.skip()
  }
  if (!existsSync(join(rig.work, 'backup'))) await shell(blockWith('sha256sum').split('\n')[0] ?? '')
  const restored = await shell(blockWith('mongorestore --config'))
  expect(restored.stderr).toMatch(/ 0 document\(s\) failed to restore/)
})

it('runs every command of the page', () => expect(blocks).toHaveLength(7))

it.each([
  ['a kit of another dashboard', '--recovery-kit other.txt', /not by this dashboard/],
  ['a wrong passphrase', '--recovery-kit kit.txt < kit.txt', /does not open: the passphrase/],
  ['no word on who wrote it', '', /Give either --recovery-kit FILE, or --unsigned/],
  ['a kit that is not there', '--recovery-kit none.txt', /file after --recovery-kit cannot be read: ENOENT/],
  ['an artifact that is not there', '--recovery-kit kit.txt --artifact homes.tar', /has no artifact homes\.tar/],
])('refuses %s in words, and leaves nothing', async (name, options, words) => {
  inWork('other.txt', await kitWith(makeSigningKey()))
  const input = options.includes('<') ? '' : '< passphrase.txt'
  const command = `talekeeper-worker restore --remote-config rclone.conf --remote store:WT --backup '${path}' --to /srv/restored`
  const refused = await shell(`${command} ${options} ${input}`, 'refused')
  expect(refused.exitCode, name).toBe(1)
  expect(refused.stderr).toMatch(words)
  expect(readdirSync(join(rig.work, 'restores'))).not.toContain('refused')
})

it('a remote that needs a sign-in, or that the file does not have, is told with what to do', async () => {
  inWork('box.conf', '[box]\ntype = box\ntoken = {"access_token":"MARKER"}\n')
  const box = await shell('talekeeper-worker restore --remote-config box.conf --remote box:WT')
  expect(box.stderr).toMatch(/Fetch the backup with rclone into a folder/)
  const none = await shell('talekeeper-worker restore --remote-config box.conf --remote other:WT')
  expect(none.stderr).toMatch(/no section “other”; there are box/)
  expect(box.stderr + none.stderr).not.toContain('MARKER')
})
