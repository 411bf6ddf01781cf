import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BackupContext } from '@/engine/context'
import { makeSigningKey, sha256Hex, signBytes } from '@/lib/crypto'
import type { EventBody } from '@/protocol/events'
import { type Contribution, type Manifest, manifestSchema } from '@/protocol/manifest'
import type { Policy } from '@/protocol/policy'
import { backends, type Remote } from '@/protocol/remotes'
import { type BackupSpec, backupSpecSchema, type RestoreSpec, restoreSpecSchema } from '@/protocol/specs'
import { temporaryFolder } from './remote/loopback-servers'

/** Surroundings of whole runs for tests: specs, a context that records, and a signing key in place of the control plane. */
export class RunRig {
  readonly work = temporaryFolder()
  readonly sourceFolder = join(this.work, 'source')
  readonly events: EventBody[] = []
  readonly contributions: Contribution[] = []
  readonly instance = { id: randomUUID(), slug: 'wt-test' }
  readonly worker = { id: randomUUID(), slug: 'fileserver' }
  readonly plan = { id: randomUUID(), slug: 'nightly' }
  readonly key = makeSigningKey()
  controller = new AbortController()
  policy: Policy = {
    version: 1,
    sourceRoots: [this.work],
    restoreRoots: [join(this.work, 'restores')],
    localRemoteRoots: ['/tmp', this.work],
    backends: [...backends],
    mongodb: true,
    inPlaceRestore: false,
  }

  constructor(readonly remote: Remote) {
    for (const name of ['source', 'spool', 'temporary', 'restores'])
      mkdirSync(join(this.work, name), { recursive: true, mode: 0o700 })
  }

  context(changes: Partial<BackupContext> = {}): BackupContext {
    return {
      policy: this.policy,
      spoolFolder: join(this.work, 'spool'),
      temporaryFolder: join(this.work, 'temporary'),
      mongodbToolFolders: [],
      signal: this.controller.signal,
      report: (event) => this.events.push(event),
      progress: () => {},
      handOver: async (contribution) => void this.contributions.push(contribution),
      requestGo: async (manifest) => signBytes(Buffer.from(manifest), this.key.privateKey),
      ...changes,
    }
  }

  backupSpec(changes: Partial<BackupSpec> = {}): BackupSpec {
    return backupSpecSchema.parse({
      backupId: randomUUID(),
      attempt: 1,
      kind: 'manual',
      instance: this.instance,
      worker: this.worker,
      plan: this.plan,
      plannedAt: null,
      sources: [this.treeSource()],
      remote: this.remote,
      partBytes: 1024 * 1024,
      partCheck: 'hash',
      zstdLevel: 3,
      limits,
      baseline: null,
      encryption: null,
      ...changes,
    })
  }

  treeSource() {
    return {
      kind: 'tree' as const,
      id: randomUUID(),
      slug: 'homes',
      path: this.sourceFolder,
      exclude: [],
      oneFileSystem: true,
      mustBeMount: false,
    }
  }

  restoreSpec(backup: BackupSpec, changes: Partial<RestoreSpec> = {}): RestoreSpec {
    return restoreSpecSchema.parse({
      restoreId: randomUUID(),
      attempt: 1,
      instance: this.instance,
      worker: this.worker,
      backup: { id: backup.backupId, instance: this.instance, folder: this.folder(), manifestSha256: null },
      remote: this.remote,
      signingKeys: [this.key.publicKey],
      artifacts: null,
      target: { kind: 'scratch', folder: join(this.work, 'restores', randomUUID()), mongodb: null },
      limits,
      ...changes,
    })
  }

  /** of the last backup */
  folder(): string {
    return this.last('folder').folder
  }

  last<T extends EventBody['type']>(type: T): Extract<EventBody, { type: T }> {
    const found = this.events.findLast((event) => event.type === type)
    if (!found) throw new Error(`no ${type} was reported`)
    return found as Extract<EventBody, { type: T }>
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true })
  }
}

const limits = { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond: null }

export function readManifestFile(folder: string): { manifest: Manifest; sha256: string } {
  const bytes = readFileSync(join(folder, 'manifest.json'))
  return { manifest: manifestSchema.parse(JSON.parse(bytes.toString('utf8'))), sha256: sha256Hex(bytes) }
}
