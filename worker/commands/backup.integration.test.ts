import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { sha256Hex } from '@/lib/crypto'
import { eventBodySchema } from '@/protocol/events'
import type { Policy } from '@/protocol/policy'

let work: string
const instance = { id: randomUUID(), slug: 'wt-alone' }
const worker = { id: randomUUID(), slug: 'fileserver' }
const limits = { durationSeconds: 600, stallSeconds: 120, bytesPerSecond: null }
const backupId = randomUUID()

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'talekeeper-alone-'))
  mkdirSync(join(work, 'home'))
  writeFileSync(join(work, 'home', 'notes.txt'), 'by hand\n')
  const policy: Policy = {
    version: 1,
    sourceRoots: [work],
    restoreRoots: [work],
    localRemoteRoots: [work],
    backends: ['local'],
    mongodb: false,
    inPlaceRestore: false,
  }
  writeFileSync(join(work, 'policy.json'), JSON.stringify(policy), { mode: 0o644 })
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const remote = () => ({ id: randomUUID(), backend: 'local', baseFolder: join(work, 'remote'), options: {} })

function command(name: string, spec: object, ...flags: string[]) {
  const file = join(work, `${name}.json`)
  writeFileSync(file, JSON.stringify(spec))
  const program = ['--import', 'tsx', resolve('worker/talekeeper-worker.ts')]
  const global = ['--state', join(work, 'state'), '--policy', join(work, 'policy.json')]
  return runCommand(process.execPath, { arguments: [...program, ...global, name, '--spec', file, ...flags] })
}

it('a host can back up and restore without a dashboard', async () => {
  const source = {
    kind: 'tree',
    id: randomUUID(),
    slug: 'home',
    path: join(work, 'home'),
    exclude: [],
    oneFileSystem: true,
    mustBeMount: false,
  }
  const made = await command(
    'backup',
    {
      backupId,
      attempt: 1,
      kind: 'manual',
      instance,
      worker,
      plan: { id: randomUUID(), slug: 'by-hand' },
      plannedAt: null,
      sources: [source],
      remote: remote(),
      partBytes: 1024 * 1024,
      partCheck: 'hash',
      zstdLevel: 3,
      limits,
      baseline: null,
      encryption: null,
    },
    '--json',
  )
  expect(made.stderr).toBe('')
  expect(made.exitCode).toBe(0)
  const events = made.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((line) => line.type !== 'progress')
    .map((line) => eventBodySchema.parse(line))
  const folder = events.find((event) => event.type === 'folder')?.folder ?? ''
  const manifest = readFileSync(join(work, 'remote', instance.slug, folder, 'manifest.json'))

  const restored = await command('restore', {
    restoreId: randomUUID(),
    attempt: 1,
    instance,
    worker,
    backup: { id: backupId, instance, folder, manifestSha256: sha256Hex(manifest) },
    remote: remote(),
    signingKeys: [],
    artifacts: null,
    target: { kind: 'scratch', folder: join(work, 'back'), mongodb: null },
    limits,
  })
  expect(restored.stderr).toBe('')
  expect(restored.stdout.toString()).toContain('entries identical: 2 of 2')
  expect(restored.exitCode).toBe(0)
  expect(readFileSync(join(work, 'back', 'files', work, 'home', 'notes.txt'), 'utf8')).toBe('by hand\n')
})

it('a spec that is not right is refused in words', async () => {
  const refused = await command('backup', { backupId })
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toMatch(/The spec is not right at “attempt”/)
})
