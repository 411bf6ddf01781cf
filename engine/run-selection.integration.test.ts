import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RestoreSpec } from '@/protocol/specs'
import { growTree, growths } from './files/test-tree'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runRestore } from './run-restore'
import { RunRig, readManifestFile } from './run-rig'

/** Chosen files and folders, by real rclone, zstd and tar. */
let trial: TrialRemote
let rig: RunRig
const artifact = 'files.tar.zst'

beforeEach(() => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
})
afterEach(async () => {
  rig.close()
  await trial.stop()
})

const inSource = (name: string) => join(rig.sourceFolder, name)
const rawPath = (absolute: Buffer | string) => Buffer.from(absolute).subarray(1).toString('base64')
function choose(paths: (Buffer | string)[]): Partial<RestoreSpec> {
  return { selection: { paths: [{ artifact, paths: paths.map(rawPath) }], namespaces: null } }
}
const partsFolder = () => join(trial.folder, rig.instance.slug, rig.folder())
const artifactOf = (name: string) => {
  const found = readManifestFile(partsFolder()).manifest.artifacts.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no artifact ${name}`)
  return found
}

/** What lies at or below paths, relative to `root`: kind, mode, size, time, link target, content, and which are one file. */
function listing(root: string, paths: Buffer[]): string[] {
  const text = execFileSync('find', ['.', '-printf', '%P\\0%y %m %s %T@ %l %i\\0'], { cwd: root, maxBuffer: 1 << 28 })
  const fields = text.toString('latin1').split('\0')
  const chosen = paths.map((path) => path.toString('latin1'))
  const firstNames = new Map<string, string>()
  const lines: string[] = []
  const names = fields.flatMap((name, at) => (at % 2 === 0 && name !== '' ? [[name, fields[at + 1] ?? '']] : []))
  for (const [name = '', facts = ''] of names.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))) {
    if (!chosen.some((path) => name === path || name.startsWith(`${path}/`))) continue
    const [, kept = '', inode = ''] = /^(.*) (\d+)$/s.exec(facts) ?? []
    // tar knows no further names of a pipe
    if (kept.startsWith('p') || !firstNames.has(inode)) firstNames.set(inode, name)
    // ext4 and tmpfs tell another size of a folder
    lines.push(
      `${name} ${kept.startsWith('d') ? kept.replace(/^(d \d+) \d+/, '$1') : kept} is ${firstNames.get(inode)}`,
    )
  }
  return lines
}

function contents(root: string): string {
  return execFileSync('bash', ['-c', 'find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum -z'], {
    cwd: root,
  }).toString('latin1')
}

describe('one home out of many', () => {
  beforeEach(async () => {
    for (const home of ['ada', 'ben', 'cleo', 'dora']) {
      mkdirSync(inSource(home))
      for (let i = 0; i < 3; i++) writeFileSync(join(inSource(home), `data-${i}`), randomBytes(1_200_000))
    }
    linkSync(inSource('ada/data-0'), inSource('cleo/of-ada'))
    linkSync(inSource('ada/data-0'), inSource('cleo/of-ada-too'))
  })

  it('comes back identical, and only the parts that hold it are fetched', async () => {
    const spec = rig.backupSpec()
    await runBackup(spec, rig.context())
    const restore = rig.restoreSpec(spec, choose([inSource('ben')]))
    expect(await runRestore(restore, rig.context())).toBe('succeeded')
    expect(readdirSync(join(restore.target.folder, 'files', rig.sourceFolder))).toEqual(['ben'])
    expect(rig.last('comparison').comparison).toMatchObject({ entriesExpected: 4, entriesIdentical: 4 })
    const [fetched, partBytes] = [rig.last('fetched'), artifactOf(artifact).parts[0]?.bytes ?? 0]
    const homeBytes = 3 * 1_200_000
    expect(fetched.bytes).toBeLessThanOrEqual(homeBytes + 2 * partBytes + artifactOf('files.index.jsonl.zst').bytes)
    expect(fetched.files).toBeLessThan(artifactOf(artifact).parts.length)
  })

  it('brings what its hard links lead to, of a home that was not chosen', async () => {
    const spec = rig.backupSpec()
    await runBackup(spec, rig.context())
    const restore = rig.restoreSpec(spec, choose([inSource('cleo')]))
    expect(await runRestore(restore, rig.context())).toBe('succeeded')
    const restored = join(restore.target.folder, 'files', rig.sourceFolder)
    expect(readdirSync(restored)).toEqual(['cleo'])
    expect(listing(restored, [Buffer.from('cleo')])).toEqual(listing(rig.sourceFolder, [Buffer.from('cleo')]))
    expect(contents(join(restored, 'cleo'))).toBe(contents(inSource('cleo')))
  })

  it('is refused before anything is written: a path, an artifact, a part that are not there', async () => {
    const spec = rig.backupSpec()
    await runBackup(spec, rig.context())
    const codeOf = (changes: Partial<RestoreSpec>) =>
      runRestore(rig.restoreSpec(spec, changes), rig.context()).catch((error: { code?: string }) => error.code)
    expect(await codeOf(choose([inSource('ada'), inSource('nobody')]))).toBe('path-unknown')
    const elsewhere = { paths: [{ artifact: 'config.tar.zst', paths: [rawPath('/etc')] }], namespaces: null }
    expect(await codeOf({ selection: elsewhere })).toBe('artifact-unknown')
    expect(await codeOf({ selection: { paths: [], namespaces: [{ database: 'x', collection: null }] } })).toBe(
      'namespace-unknown',
    )
    execFileSync('rm', [join(partsFolder(), `${artifact}.00000`)])
    expect(await codeOf(choose([inSource('ada')]))).toBe('part-missing')
    expect(await codeOf(choose([inSource('dora')]))).toBe('succeeded')
    expect(readdirSync(join(rig.work, 'restores'))).toHaveLength(1)
    expect(readdirSync(join(rig.work, 'spool'))).toEqual([])
  })
})

// Promise: of any tree, any choice comes back as it was, hard links among the chosen names included, and nothing else does.
it('any choice out of any tree', { timeout: 240_000 }, async () => {
  const scenario = fc.record({
    tree: growths,
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    filler: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ tree, picks, filler }) => {
      const source = join(rig.work, `source-${randomUUID()}`)
      mkdirSync(source)
      for (let i = 0; i < filler; i++) writeFileSync(join(source, `m-filler-${i}`), randomBytes(900_000))
      await growTree(source, tree)
      const names = execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P\\0'], { cwd: source })
      const all = names.toString('latin1').split('\0').slice(0, -1).sort()
      if (all.length === 0) return
      const chosen = picks.map((pick) => Buffer.from(all[pick % all.length] ?? '', 'latin1'))
      const spec = rig.backupSpec({ sources: [{ ...rig.treeSource(), path: source }] })
      await runBackup(spec, rig.context())
      const absolute = chosen.map((path) => Buffer.concat([Buffer.from(`${source}/`), path]))
      const restore = rig.restoreSpec(spec, choose(absolute))
      expect(await runRestore(restore, rig.context())).toBe('succeeded')
      const restored = join(restore.target.folder, 'files', source)
      expect(listing(restored, chosen)).toEqual(listing(source, chosen))
      expect(rig.last('comparison').comparison.entriesIdentical).toBe(listing(source, chosen).length)
    }),
    { numRuns: 16, seed: 11, endOnFailure: true },
  )
})
