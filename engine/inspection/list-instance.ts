import type { RunOutcome } from '@/engine/context'
import { manifestName, signatureName } from '@/engine/remote/backup-folder'
import { longestManifestBytes, longestSignatureBytes, parseManifest } from '@/engine/remote/read-manifest'
import { isSignedBy } from '@/lib/crypto'
import type { DeepEntry } from '@/lib/rclone'
import { displayName } from '@/protocol/display-name'
import type { Stranger } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { hashKeepingBackends } from '@/protocol/remotes'
import { backupReferenceSchema } from '@/protocol/specs'
import { compareFolder } from './compare-folder'
import { type InspectionRun, judge } from './inspection-run'
import { olderFilesAmong } from './older-scripts'

type Listing = InspectionRun<'listing'>

const dayPattern = /^\d{8}$/
/** More are counted in the log, and not reported one by one. */
const mostStrangers = 1000
const markerName = '.talekeeper.json'

/**
 * Compares the catalogue with what lies in the instance's folder: each backup is judged, and what the catalogue does not know is
 * reported as a stranger. `warning`: a backup has faults.
 */
export async function listInstance(run: Listing): Promise<RunOutcome> {
  const strangers = new StrangerList(run)
  const folders = await readFolders(run, strangers)
  let outcome: RunOutcome = 'succeeded'
  for (const backup of run.spec.backups) {
    const faults = await faultsOf(run, backup, folders.get(backup.folder) ?? [])
    if (!(await judge(run, backup, faults))) outcome = 'warning'
    folders.delete(backup.folder)
  }
  for (const folder of run.spec.ignored) folders.delete(folder)
  for (const [folder, files] of folders) await strangers.addFolder(folder, files)
  strangers.close()
  return outcome
}

/** Every folder of a day, by its name below the instance's folder; all else that lies there is a stranger. */
async function readFolders(run: Listing, strangers: StrangerList): Promise<Map<string, DeepEntry[]>> {
  const { store, spec, meter } = run
  const folders = new Map<string, DeepEntry[]>()
  for (const entry of (await store.list(spec.instance.slug)) ?? []) {
    if (entry.name === markerName) continue
    meter.begin('look', displayName(Buffer.from(entry.name)))
    if (!entry.isFolder) strangers.add(entry.name, [entry])
    else if (!dayPattern.test(entry.name)) strangers.add(entry.name, await readDeep(run, entry.name))
    else
      for (const [name, files] of byFolder(await readDeep(run, entry.name))) {
        if (name === null) strangers.add(entry.name, files, null, olderFilesAmong(files).slice(0, 100))
        else folders.set(`${entry.name}/${name}`, files)
      }
  }
  return folders
}

async function readDeep({ store, spec }: Listing, folder: string): Promise<DeepEntry[]> {
  const hashType = hashKeepingBackends.includes(spec.remote.backend) ? hashTypeOf(spec) : undefined
  return (await store.listDeep(`${spec.instance.slug}/${folder}`, hashType)) ?? []
}

/** The type that the catalogue knows hashes of; a remote has one. */
function hashTypeOf(spec: Listing['spec']): string | undefined {
  for (const { files } of spec.backups) for (const { hash } of files) if (hash) return hash.split(':')[0]
  return undefined
}

/** The files of a day by the folder that they lie in, their paths beginning there; null: in none. */
function byFolder(files: DeepEntry[]): Map<string | null, DeepEntry[]> {
  const folders = new Map<string | null, DeepEntry[]>()
  for (const file of files) {
    const slash = file.path.indexOf('/')
    const name = slash < 0 ? null : file.path.slice(0, slash)
    const inside = folders.get(name) ?? []
    inside.push({ ...file, path: file.path.slice(slash + 1) })
    folders.set(name, inside)
  }
  return folders
}

/** What looks wrong is looked at once more: a list may lag behind, or have been made while something was being deleted. */
async function faultsOf(run: Listing, backup: Listing['spec']['backups'][number], found: DeepEntry[]) {
  const where = `${run.spec.instance.slug}/${backup.folder}`
  const faults = compareFolder(backup.files, found, where)
  return faults.length === 0 ? faults : compareFolder(backup.files, await readDeep(run, backup.folder), where)
}

/** Reports strangers, each with its size, and those that look like a backup with what their manifest says. */
class StrangerList {
  private count = 0
  constructor(private readonly run: Listing) {}

  add(
    folder: string,
    files: { bytes: number }[],
    manifest: Stranger['manifest'] = null,
    older: NonNullable<Stranger['older']> = [],
  ): void {
    this.count++
    if (this.count > mostStrangers) return
    const bytes = files.reduce((sum, file) => sum + Math.max(0, file.bytes), 0)
    const name = displayName(Buffer.from(folder)).slice(0, 1024)
    const facts = { folder: name, files: files.length, bytes, manifest, ...(older.length > 0 ? { older } : {}) }
    this.run.context.report({ type: 'stranger', ...facts })
  }

  async addFolder(folder: string, files: DeepEntry[]): Promise<void> {
    const isRead = this.count < mostStrangers && backupReferenceSchema.shape.folder.safeParse(folder).success
    this.add(folder, files, isRead ? await manifestOf(this.run, folder, files) : null)
  }

  close(): void {
    const { count, run } = this
    if (count > mostStrangers) run.log('warn', `${count} strangers were found; the first ${mostStrangers} are shown.`)
  }
}

async function manifestOf({ store, spec }: Listing, folder: string, files: DeepEntry[]): Promise<Stranger['manifest']> {
  const found = files.find(({ path }) => path === manifestName)
  if (!found || found.bytes > longestManifestBytes) return null
  const path = `${spec.instance.slug}/${folder}`
  const bytes = await store.read(`${path}/${manifestName}`, longestManifestBytes)
  const isSignable = files.some((file) => file.path === signatureName && file.bytes <= longestSignatureBytes)
  const signature = isSignable ? await store.read(`${path}/${signatureName}`, longestSignatureBytes) : null
  if (!bytes) return null
  try {
    const { backupId, instance, plan, startedAt } = parseManifest(bytes, path)
    const text = signature?.toString('utf8').trim() ?? ''
    const signed = spec.signingKeys.some((key) => isSignedBy(bytes, text, key))
    return { backupId, instanceId: instance.id, planSlug: plan.slug, startedAt, signed }
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
