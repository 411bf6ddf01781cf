import { createHash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { RemoteFeatures } from '@/lib/rclone'
import { Problem, toProblemFacts } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'
import type { testRemoteAnswerSchema } from '@/protocol/worker-api'
import { requireRemoteAllowed } from './check-policy'
import type { RunContext } from './context'
import { knownHashTypes } from './parts/hash-file'
import { RemoteStore } from './remote/remote-store'
import { RunScope } from './run-scope'
import { requireTools } from './tools'

export type RemoteAnswer = z.infer<typeof testRemoteAnswerSchema>
type Step = RemoteAnswer['steps'][number]

const probeBytes = 1024 * 1024

/**
 * Tries on a remote, in the base folder, what a backup will do: list, make a folder, write a probe of 1 MiB, read it, compare it
 * with what was sent and with the hash that the remote tells, rename it, delete it. Stops at the first step that fails, and says
 * in plain words what is wrong; the probe is removed whenever it was written.
 */
export async function testRemote(
  remote: Remote,
  context: RunContext,
  keeper: Remote | null = null,
): Promise<RemoteAnswer> {
  const scope = new RunScope(context)
  try {
    await requireRemoteAllowed(context.policy, remote)
    await requireTools(scope.signal)
    if (keeper) await requireRemoteAllowed(context.policy, keeper)
    const open = async (which: Remote) => {
      const store = await RemoteStore.open(which, {
        temporaryFolder: context.temporaryFolder,
        signal: scope.signal,
        bytesPerSecond: null,
        log: () => {},
      })
      scope.onClose(() => store.close())
      return store.withAttempts(1)
    }
    return await probe(await open(remote), keeper && (await open(keeper)), scope.signal)
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function probe(store: RemoteStore, keeper: RemoteStore | null, signal: AbortSignal): Promise<RemoteAnswer> {
  const folder = `.talekeeper-probe-${randomBytes(8).toString('hex')}`
  const [name, renamed] = [`${folder}/probe`, `${folder}/probe-renamed`]
  const text = randomBytes(probeBytes / 2).toString('hex')
  const steps: Step[] = []
  let features: RemoteFeatures | null = null
  let lies = name
  let writerMay: RemoteAnswer['writerMay'] = null

  const passed = async (step: Step['name'], act: () => Promise<void>) => {
    const start = performance.now()
    let problem: Step['problem'] = null
    try {
      await act()
    } catch (error) {
      signal.throwIfAborted()
      problem = toProblemFacts(error)
    }
    steps.push({ name: step, ok: problem === null, milliseconds: Math.round(performance.now() - start), problem })
    return problem === null
  }

  const isWritten =
    (await passed('list', async () => {
      await store.list('')
    })) &&
    (await passed('folder', () => store.makeFolder(folder))) &&
    (await passed('write', () => store.writeText(name, text)))
  if (isWritten) {
    features = await store.features().catch(() => null)
    await readIt(store, { name, text, hashes: features?.hashes ?? [] }, passed)
    if (keeper) writerMay = await tryToHarm(store, name, text)
    else
      await passed('rename', async () => {
        await store.move(name, renamed)
        lies = renamed
        if (await store.stat(name)) throw altered('The probe file was renamed, but is still there.', name)
      })
    await passed('delete', async () => {
      if (writerMay?.delete) await store.writeText(name, text)
      await (keeper ?? store).deleteFile(lies)
      if (await store.stat(lies)) throw altered('The probe file was deleted, but is still there.', lies)
    })
  }
  await (keeper ?? store).deleteEmptyFolder(folder).catch(() => {})
  return {
    steps,
    hashes: (features?.hashes ?? []).slice(0, 20),
    probeBytes,
    writerMay,
    quota: isWritten ? await store.about() : null,
    features: features && { caseInsensitive: features.caseInsensitive, renames: features.renames },
  }
}

/** Compares what comes back, and what the remote itself tells of it. */
async function readIt(
  store: RemoteStore,
  { name, text, hashes }: { name: string; text: string; hashes: string[] },
  passed: (step: Step['name'], act: () => Promise<void>) => Promise<boolean>,
): Promise<void> {
  let read: Buffer | null = null
  const isRead = await passed('read', async () => {
    read = await store.read(name, 2 * probeBytes)
    if (!read) throw altered('The probe file was written, but is not there.', name)
  })
  if (!isRead) return
  await passed('compare', async () => {
    if (read?.toString('utf8') !== text) throw altered('The probe file came back with other content.', name)
    const type = knownHashTypes.find((known) => hashes.includes(known))
    const told = type && (await store.stat(name, type))?.hash
    if (told && told !== createHash(type).update(text).digest('hex'))
      throw altered(`The remote tells another ${type} of the probe file than it has.`, name)
  })
}

/** What a worker’s credential can do to a file that lies there. Each refusal is what one hopes for. */
async function tryToHarm(
  store: RemoteStore,
  name: string,
  text: string,
): Promise<NonNullable<RemoteAnswer['writerMay']>> {
  const other = text.slice(0, -1).concat('!')
  await store.writeText(name, other).catch(() => {})
  const now = await store.read(name, 2 * probeBytes)
  // after an upload that was refused, rclone may delete what lies there
  const overwritten = now !== null && now.toString('utf8') !== text
  await store.deleteFile(name).catch(() => {})
  return { overwrite: overwritten, delete: (await store.stat(name)) === null }
}

function altered(text: string, where: string): Problem {
  return new Problem({
    code: 'remote-untrustworthy',
    text,
    action: 'Do not keep backups there until its owner has found out why.',
    where,
  })
}
