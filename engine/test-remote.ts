import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { Problem, toProblemFacts } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'
import type { testRemoteAnswerSchema } from '@/protocol/worker-api'
import { requireRemoteAllowed } from './check-policy'
import type { RunContext } from './context'
import { RemoteStore } from './remote/remote-store'
import { RunScope } from './run-scope'
import { requireTools } from './tools'

export type RemoteAnswer = z.infer<typeof testRemoteAnswerSchema>
type Step = RemoteAnswer['steps'][number]

const probeBytes = 4096

/**
 * Tries on a remote, in the base folder, what a backup will do: list, write a probe file, read it, compare, delete it. Stops at
 * the first step that fails, and says in plain words what is wrong; the probe is removed whenever it was written.
 */
export async function testRemote(remote: Remote, context: RunContext): Promise<RemoteAnswer> {
  const scope = new RunScope(context)
  try {
    await requireRemoteAllowed(context.policy, remote)
    await requireTools(scope.signal)
    const store = await RemoteStore.open(remote, {
      temporaryFolder: context.temporaryFolder,
      signal: scope.signal,
      bytesPerSecond: null,
      log: () => {},
    })
    scope.onClose(() => store.close())
    return await probe(store.withAttempts(1), scope.signal)
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function probe(store: RemoteStore, signal: AbortSignal): Promise<RemoteAnswer> {
  const name = `.talekeeper-probe-${randomBytes(8).toString('hex')}`
  const text = randomBytes(probeBytes / 2).toString('hex')
  const steps: Step[] = []
  let hashes: string[] = []
  let read: Buffer | null = null

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
      hashes = await store.hashTypes()
    })) && (await passed('write', () => store.writeText(name, text)))
  if (!isWritten) return { steps, hashes }
  const isRead = await passed('read', async () => {
    read = await store.read(name, 2 * probeBytes)
    if (!read) throw altered('The probe file was written, but is not there.', name)
  })
  if (isRead)
    await passed('compare', async () => {
      if (read?.toString('utf8') !== text) throw altered('The probe file came back with other content.', name)
    })
  await passed('delete', async () => {
    await store.deleteFile(name)
    if (await store.stat(name)) throw altered('The probe file was deleted, but is still there.', name)
  })
  return { steps, hashes: hashes.slice(0, 20) }
}

function altered(text: string, where: string): Problem {
  return new Problem({
    code: 'remote-untrustworthy',
    text,
    action: 'Do not keep backups there until its owner has found out why.',
    where,
  })
}
