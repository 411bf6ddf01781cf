import { requireMongodbAllowed, requireRemoteAllowed } from '@/engine/check-policy'
import { expandConfig } from '@/engine/files/expand-config'
import { checkTrees } from '@/engine/files/preflight-trees'
import { type MongodbProbe, probeMongodb } from '@/engine/mongodb/probe-mongodb'
import { PartShipper } from '@/engine/parts/part-shipper'
import { requireSpoolSpace, Spool } from '@/engine/parts/spool'
import { programVersion } from '@/engine/program-version'
import { chooseBackupFolder } from '@/engine/remote/backup-folder'
import { claimMarker, requireMarker } from '@/engine/remote/instance-marker'
import { fewAttempts, RemoteStore } from '@/engine/remote/remote-store'
import { requireTools } from '@/engine/tools'
import { Problem } from '@/protocol/problem'
import type { ConfigSource } from '@/protocol/sources'
import type { BackupPlace, BackupRun } from './backup-run'

/**
 * Finds out all that can make the backup fail before anything is written: policy, tools, space, sources, remote. Then the first
 * worker chooses the backup's folder, reports it, and makes it; those after it look that it is there.
 */
export async function preflight(run: BackupRun): Promise<BackupPlace> {
  const { spec, context, scope } = run
  await requireRemoteAllowed(context.policy, spec.remote)
  await requireSpoolSpace(context.spoolFolder, spec.partBytes)
  await expandConfigs(run)
  const [tools, probes] = await Promise.all([
    requireTools(scope.signal),
    probeAll(run),
    checkTrees([...run.sources.trees, ...run.sources.config], context.policy, spec.baseline, scope.signal),
  ])
  const versions = { talekeeper: programVersion, ...tools, ...versionsOf(probes) }
  const store = await openStore(run)
  const folder = await (spec.share.folder === null
    ? claimFolder(run, store)
    : findFolder(run, store, spec.share.folder))
  const path = `${spec.instance.slug}/${folder}`
  const spool = await Spool.open(context.spoolFolder, 'parts', scope.signal)
  scope.onClose(() => spool.close())
  const shipper = await PartShipper.open({
    store,
    folder: path,
    check: spec.partCheck,
    signal: scope.signal,
    onUploadedBytes: (bytes) => run.meter.uploaded(bytes),
    log: (text) => run.log('warn', text),
  })
  run.log('info', `Backup ${spec.backupId} goes to ${path}; parts are checked by: ${shipper.check}.`)
  return { store, spool, shipper, folder, path, versions, probes }
}

/** Patterns become what they match now; a source of which nothing is there, and nothing must be, drops out. */
async function expandConfigs({ sources, context, scope }: BackupRun): Promise<void> {
  const expanded: ConfigSource[] = []
  for (const source of sources.config) expanded.push(await expandConfig(source, context.policy, scope.signal))
  sources.config = expanded.filter((source) => source.paths.length > 0)
  if (sources.mongodb.length + sources.trees.length + sources.config.length > 0) return
  throw new Problem({
    code: 'source-missing',
    text: 'Of all that this plan may back up, nothing is on this host.',
    action: 'Correct the paths of its sources.',
  })
}

async function openStore(run: BackupRun): Promise<RemoteStore> {
  const store = await RemoteStore.open(run.spec.remote, {
    temporaryFolder: run.context.temporaryFolder,
    signal: run.scope.signal,
    bytesPerSecond: run.spec.limits.bytesPerSecond,
    log: (text) => run.log('warn', text),
  })
  run.scope.onClose(() => store.close())
  return store
}

/** Makes sure that the instance's folder is ours, then chooses the backup's folder in it, reports it, and makes it. */
async function claimFolder(run: BackupRun, store: RemoteStore): Promise<string> {
  const { instance, plan } = run.spec
  const impatient = store.withAttempts(fewAttempts)
  const [, folder] = await Promise.all([
    claimMarker(impatient, instance),
    chooseBackupFolder(impatient, instance.slug, plan.slug, run.startedAt),
  ])
  run.context.report({ type: 'folder', folder })
  await store.makeFolder(`${instance.slug}/${folder}`)
  return folder
}

/** The folder that the first worker made, as it looks from here. */
async function findFolder(run: BackupRun, store: RemoteStore, folder: string): Promise<string> {
  const { instance } = run.spec
  const impatient = store.withAttempts(fewAttempts)
  const [, found] = await Promise.all([
    requireMarker(impatient, instance),
    impatient.list(`${instance.slug}/${folder}`),
  ])
  if (found) return folder
  throw new Problem({
    code: 'folder-not-seen',
    text: 'This worker does not see the folder on the remote that the first worker of this backup has filled.',
    action: 'Use a remote that all workers of the plan reach: a folder on the disk of one host is not one.',
    where: `${instance.slug}/${folder}`,
  })
}

/** By source slug. */
async function probeAll(run: BackupRun): Promise<Map<string, MongodbProbe>> {
  const probes = new Map<string, MongodbProbe>()
  for (const source of run.sources.mongodb) {
    requireMongodbAllowed(run.context.policy, source.reach)
    const probe = await probeMongodb(source, {
      toolFolders: run.context.mongodbToolFolders,
      temporaryFolder: run.context.temporaryFolder,
      signal: run.scope.signal,
    })
    probes.set(source.slug, probe)
  }
  return probes
}

function versionsOf(probes: Map<string, MongodbProbe>): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const { serverVersion, tool } of probes.values()) {
    versions.mongodb = serverVersion
    if (tool.way === 'mongodump') versions.mongodump = tool.version
  }
  return versions
}
