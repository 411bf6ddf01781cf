import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex, signBytes } from '@/lib/crypto'
import type { Manifest } from '@/protocol/manifest'
import type { BackupSpec } from '@/protocol/specs'
import { InPlaceRig } from './in-place-rig'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'
import { runRestore } from './run-restore'
import { readManifestFile } from './run-rig'

/**
 * Promise: what somebody forged who holds the signing key itself, as no check of digests can tell, fills no disk and changes nothing in
 * place: an archive that holds more than its manifest says, in bytes or in entries, is refused.
 */
const bombBytes = 192 * 1024 ** 2
let trial: TrialRemote
let rig: InPlaceRig
let backup: BackupSpec
let folder: string
let before: string

beforeEach(async () => {
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, null)
  mkdirSync(join(rig.sourceFolder, 'ada'))
  writeFileSync(join(rig.sourceFolder, 'ada/data'), 'of ada\n'.repeat(100))
  backup = rig.backupSpec()
  await runBackup(backup, rig.context())
  folder = join(trial.folder, rig.instance.slug, rig.folder())
})
afterEach(async () => {
  rig.close()
  await trial.stop()
})

function makeBomb(path: string): void {
  writeFileSync(path, '')
  truncateSync(path, bombBytes)
}

function makeMany(path: string): void {
  mkdirSync(path)
  for (let number = 0; number < 5000; number++) writeFileSync(join(path, String(number)), '')
}

/** Puts an archive of the same tree there that has one thing more, with all digests and the signature anew. */
async function forge(make: (path: string) => void, claims: { rawBytes: 'as before' | 'true' }): Promise<void> {
  const more = join(rig.sourceFolder, 'ada/more')
  make(more)
  const { manifest } = readManifestFile(folder)
  const part = manifest.artifacts.find(({ kind }) => kind === 'files')?.parts[0]
  if (!part) throw new Error('there is no part')
  const script = `tar --create --format=posix --directory=/ ${rig.sourceFolder.slice(1)} | zstd -q`
  const forged = execFileSync('bash', ['-c', script], { maxBuffer: bombBytes })
  // the archive itself is a trifle on the remote
  expect(forged.length).toBeLessThan(bombBytes / 1000)
  writeFileSync(join(folder, part.name), forged)
  const archive = execFileSync('bash', ['-c', `${script} | zstd -dc | wc -c`]).toString()
  const rawBytes = claims.rawBytes === 'true' ? Number(archive) : part.rawBytes
  rewrite(manifest, part.name, { bytes: forged.length, sha256: sha256Hex(forged), rawBytes })
  rmSync(more, { recursive: true })
  before = await rig.tree()
}

function rewrite(manifest: Manifest, name: string, facts: { bytes: number; sha256: string; rawBytes: number }): void {
  for (const artifact of manifest.artifacts)
    for (const part of artifact.parts) {
      if (part.name !== name) continue
      const { remoteHash: _, ...kept } = part
      artifact.parts = [{ ...kept, ...facts }]
      Object.assign(artifact, { bytes: facts.bytes, rawBytes: facts.rawBytes, rawSha256: null })
    }
  const text = JSON.stringify(manifest)
  writeFileSync(join(folder, 'manifest.json'), text)
  writeFileSync(join(folder, 'manifest.sig'), `${signBytes(Buffer.from(text), rig.key.privateKey)}\n`)
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n')
  const altered = sums.map((line) => (line.endsWith(`  ${name}`) ? `${facts.sha256}  ${name}` : line))
  writeFileSync(join(folder, 'SHA256SUMS'), altered.join('\n'))
}

const ways = {
  beside: () => runRestore(rig.restoreSpec(backup), rig.context()),
  'in place': () => runInPlace(rig.inPlaceSpec(backup), rig.inPlaceContext()),
}

describe.each(Object.entries(ways))('%s', (way, restore) => {
  const problemOf = () =>
    restore().then(
      () => 'nothing',
      (reason: unknown) => reason,
    )
  /** What was brought beside and differs stays to be looked at, until it is discarded. */
  async function leavesNothing(kept = 0) {
    expect(await rig.tree()).toBe(before)
    expect(rig.left()).toEqual([])
    expect(readdirSync(join(rig.work, 'restores'))).toHaveLength(kept)
    expect(readdirSync(join(rig.work, 'spool'))).toEqual([])
  }

  it('a part that becomes thousands of times what the manifest says is given up at once', async () => {
    await forge(makeBomb, { rawBytes: 'as before' })
    expect(await problemOf()).toMatchObject({ code: 'part-damaged' })
    await leavesNothing()
  })

  it.each([
    ['a large file', makeBomb],
    ['thousands of files', makeMany],
  ])('%s that the index does not have: the comparison finds it, however the manifest fits', async (_, make) => {
    await forge(make, { rawBytes: 'true' })
    expect(await problemOf()).toMatchObject({ code: 'not-identical' })
    await leavesNothing(way === 'beside' ? 1 : 0)
  })
})
