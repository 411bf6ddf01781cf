import { programVersion } from '@/engine/program-version'
import { runFileserver } from '@/worker/fileserver'
import { prepareStateFolder } from '@/worker/fileserver/state-folder'
import type { Engine } from '@/worker/fileserver/station'
import { workerLog } from '@/worker/fileserver/worker-log'
import { lockStateFolder } from './lock-state-folder'
import { probeTools } from './probe-tools'
import type { WorkerSettings } from './settings'

type RunOptions = { heartbeatSeconds: number }

/** Works until SIGTERM or SIGINT; a second signal ends it at once. Throws a Problem when it cannot begin. */
export async function run(options: RunOptions, settings: WorkerSettings, engine: Engine): Promise<void> {
  await workUntil(stopSignal(), options, settings, engine)
}

/** Works until `stop` is aborted. Throws a Problem when it cannot begin. */
export async function workUntil(
  stop: AbortSignal,
  options: RunOptions,
  settings: WorkerSettings,
  engine: Engine,
): Promise<void> {
  const { state, policyFile, mongodbToolFolders } = settings
  prepareStateFolder(state)
  const lock = await lockStateFolder(state)
  const tools = await probeTools(mongodbToolFolders)
  const shared = { version: programVersion, tools, engine, log: workerLog, heartbeatSeconds: options.heartbeatSeconds }
  workerLog(
    'info',
    `talekeeper-worker ${programVersion} starts, with ${Object.entries(tools)
      .map((tool) => tool.join(' '))
      .join(', ')}.`,
  )
  await runFileserver({ state, policyFile, mongodbToolFolders, ...shared }, stop)
  workerLog('info', 'Stopped.')
  lock.release()
}

/** Aborted by SIGTERM or SIGINT; a second one ends this process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort(new Error(name))
    })
  return controller.signal
}
