import { Cancelled } from '@/engine/context'
import { Problem } from '@/protocol/problem'
import { pause } from './fileserver/back-off'
import { ControlPlane, type Self } from './fileserver/control-plane'
import { keepHeartbeat } from './fileserver/heartbeat'
import { type Identity, readIdentity } from './fileserver/identity'
import { openQueues } from './fileserver/open-queues'
import { readPolicy } from './fileserver/policy-file'
import { recoverFromCrash } from './fileserver/recover'
import { RunningRuns } from './fileserver/running-runs'
import { ScratchRegistry } from './fileserver/scratch-registry'
import { SenderCrew } from './fileserver/sender-crew'
import type { StateFolder } from './fileserver/state-folder'
import { type Engine, keyRefused, type Station, WorkerStopped } from './fileserver/station'
import { waitUntilActive } from './fileserver/wait-until-active'
import type { WorkerLog } from './fileserver/worker-log'

export type FileserverOptions = {
  /** prepared, and locked by this process */
  state: StateFolder
  policyFile: string
  mongodbToolFolders: string[]
  version: string
  /** programs of this host and their versions */
  tools: Record<string, string>
  engine: Engine
  log: WorkerLog
  heartbeatSeconds: number
}

/** After a stop: so long for the run in hand to end, then so long to report it. Ten seconds are never reached. */
const windUpMilliseconds = { runs: 5500, queues: 500, reports: 2500 }

/**
 * The background process on an instance's host. Resolves after `stop` was aborted and everything in hand ended.
 * Throws a Problem when it cannot even begin: not enrolled, or a policy file that is missing, wrong or unsafe.
 */
export async function runFileserver(options: FileserverOptions, stop: AbortSignal): Promise<void> {
  const identity = enrolledIdentity(options.state)
  readPolicy(options.policyFile)
  const station = openStation(options, identity)
  await recoverFromCrash(station, stop)
  while (!stop.aborted) {
    const self = await waitUntilActive(station, stop).catch(() => null)
    if (self) await workUntilRefused(station, self, identity, options, stop)
  }
  await station.senders.finish(windUpMilliseconds.reports)
}

function enrolledIdentity(state: StateFolder): Identity {
  const identity = readIdentity(state.identityFile)
  if (identity) return identity
  throw new Problem({
    code: 'not-enrolled',
    text: 'This host is not enrolled yet.',
    action:
      'In the dashboard, open the instance, choose "Enrol a worker", and run the command shown there on this host.',
    where: state.path,
  })
}

function openStation(options: FileserverOptions, identity: Identity): Station {
  const { state, policyFile, mongodbToolFolders, engine, log } = options
  const control = new ControlPlane(identity.url, identity.key)
  const running = new RunningRuns()
  const senders = new SenderCrew(
    control,
    {
      onCancel: (run) => running.abort(run, new Cancelled()),
      onDisowned: (run, refusal) => running.abort(run, refusal),
    },
    log,
  )
  const scratch = new ScratchRegistry(state.restores)
  return { state, policyFile, mongodbToolFolders, control, engine, running, senders, scratch, log }
}

/** One stretch of work: from a confirmed worker to a stop, or to a control plane that no longer accepts it. */
async function workUntilRefused(
  station: Station,
  self: Self,
  identity: Identity,
  options: FileserverOptions,
  stop: AbortSignal,
): Promise<void> {
  const { log, running } = station
  const queues = await openedQueues(station, self, identity, stop)
  if (!queues) return
  log('info', `Worker "${self.workerSlug}" of instance "${self.instance.slug}" takes work.`)
  const about = { version: options.version, tools: options.tools, everySeconds: options.heartbeatSeconds }
  const end = await keepHeartbeat(station, about, stop)
  log(end === 'refused' ? 'error' : 'info', end === 'refused' ? keyRefused().message : 'Stopping.')
  const closing = queues.close() // from now on no job is taken
  await atMost(windUpMilliseconds.runs, running.abortAll(end === 'refused' ? keyRefused() : new WorkerStopped()))
  await atMost(windUpMilliseconds.queues, closing)
}

async function openedQueues(station: Station, self: Self, identity: Identity, stop: AbortSignal) {
  try {
    return openQueues(station, self, identity)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    station.log('error', `${error.message} ${error.action ?? ''}`)
    await pause(60_000, stop).catch(() => {})
    return null
  }
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([bound, work])
  clearTimeout(timer)
}
