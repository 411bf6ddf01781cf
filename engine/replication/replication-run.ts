import { requireRemoteAllowed } from '@/engine/check-policy'
import type { ReplicationContext } from '@/engine/context'
import { type ManifestPart, PartShipper } from '@/engine/parts/part-shipper'
import { largestPartBytes, requireSpoolSpace, Spool } from '@/engine/parts/spool'
import { ProgressMeter } from '@/engine/progress-meter'
import { claimMarker, requireMarker } from '@/engine/remote/instance-marker'
import { readTrustedText } from '@/engine/remote/read-manifest'
import { fewAttempts, RemoteStore } from '@/engine/remote/remote-store'
import type { RunScope } from '@/engine/run-scope'
import { requireTools } from '@/engine/tools'
import type { Remote } from '@/protocol/remotes'
import type { ReplicationSpec } from '@/protocol/specs'
import { prepareFolder } from './prepare-folder'

/** What a replication works with. */
export type ReplicationRun = {
  spec: ReplicationSpec
  context: ReplicationContext
  scope: RunScope
  meter: ProgressMeter
  log: (level: 'info' | 'warn', text: string) => void
  from: RemoteStore
  to: RemoteStore
  spool: Spool
  shipper: PartShipper
  /** of the backup, below the base folder of either remote */
  folder: string
  /** the manifest and its signature, letter by letter as they lie on the first remote */
  manifest: { text: string; signature: string }
  parts: ManifestPart[]
  /** names of the parts that seem to be on the other remote already, of an earlier try */
  there: Set<string>
}

/**
 * Opens both remotes, reads the manifest along the chain of trust, and prepares the folder on the other remote: nothing is written
 * where the instance's folder belongs to somebody else, or the backup's holds anything that is not of this backup.
 */
export async function openReplication(
  spec: ReplicationSpec,
  context: ReplicationContext,
  scope: RunScope,
): Promise<ReplicationRun> {
  const log = (level: 'info' | 'warn', text: string) =>
    context.report({ type: 'log', level, text: text.slice(0, 4000) })
  for (const remote of [spec.from, spec.to]) await requireRemoteAllowed(context.policy, remote)
  await requireTools(scope.signal)
  const open = (remote: Remote) => openStore(remote, { spec, context, scope, log })
  const [from, to] = [await open(spec.from), await open(spec.to)]
  await requireMarker(from, spec.instance)
  const { manifest, text, signature } = await readTrustedText(from, spec.backup, spec.signingKeys, { signed: true })
  const parts = manifest.artifacts.flatMap((artifact) => artifact.parts)
  // one on its way there while the next one comes
  await requireSpoolSpace(context.spoolFolder, 2 * largestPartBytes(Math.max(0, ...parts.map(({ bytes }) => bytes))))
  await claimMarker(to.withAttempts(fewAttempts), spec.instance)
  const folder = `${spec.instance.slug}/${spec.backup.folder}`
  const there = await prepareFolder(to, folder, { parts, manifestSha256: spec.backup.manifestSha256 }, () =>
    context.report({ type: 'folder', folder: spec.backup.folder }),
  )
  const spool = await Spool.open(context.spoolFolder, 'parts', scope.signal)
  scope.onClose(() => spool.close())
  const meter = new ProgressMeter(context)
  const shipper = await PartShipper.open({
    ...{ store: to, folder, check: spec.partCheck, signal: scope.signal },
    onUploadedBytes: (bytes) => meter.uploaded(bytes),
    log: (line) => log('warn', line),
  })
  log('info', `Backup ${spec.backup.id} is copied to ${folder}; parts are checked by: ${shipper.check}.`)
  const trusted = { text, signature: signature ?? '' }
  return { spec, context, scope, meter, log, from, to, spool, shipper, folder, manifest: trusted, parts, there }
}

async function openStore(
  remote: Remote,
  { spec, context, scope, log }: Pick<ReplicationRun, 'spec' | 'context' | 'scope' | 'log'>,
): Promise<RemoteStore> {
  const store = await RemoteStore.open(remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: spec.limits.bytesPerSecond,
    log: (text) => log('warn', text),
  })
  scope.onClose(() => store.close())
  return store
}
