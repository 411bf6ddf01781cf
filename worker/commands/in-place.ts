import { connectAgain } from '@/engine/restore/in-place/connection-file'
import { dropBeside, type End, type EndOptions, resume, undo } from '@/engine/restore/in-place/lead-to-end'
import { runInPlace } from '@/engine/run-in-place'
import { Problem } from '@/protocol/problem'
import { inPlaceSpecSchema } from '@/protocol/specs'
import { prepareStateFolder } from '@/worker/fileserver/state-folder'
import { workerLog } from '@/worker/fileserver/worker-log'
import { lockStateFolder } from './lock-state-folder'
import { print } from './print'
import { type AloneOptions, readSpec, runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

/** What a person wants of a restore in place that was begun. */
export type InPlaceWish = { resume?: string; rollBack?: string; drop?: string }

/** `talekeeper-worker restore --in-place --spec FILE`. Returns the exit code. The worker must not run: it would take it for one that was killed. */
export async function restoreInPlace(options: AloneOptions, settings: WorkerSettings): Promise<number> {
  const spec = readSpec(options.spec, inPlaceSpecSchema)
  return locked(settings, () =>
    runAlone(options, settings, spec.limits, (context) =>
      runInPlace(spec, { ...context, inPlaceFolder: settings.state.inPlace, requestSwap: async () => {} }),
    ),
  )
}

const acts = { resume, rollBack: undo, drop: dropBeside }
const words: Record<End, string> = {
  nothing: 'There was nothing to do.',
  'rolled-back': 'Nothing had been exchanged. What the restore had beside is removed, and all is as it was.',
  completed: 'What was restored stands in place, and was compared. The old copy is kept beside.',
  undone: 'What stood there before is back in place, and was compared. What was restored is kept beside.',
  dropped: 'What was kept beside is removed.',
}

/** `talekeeper-worker restore --resume ID | --roll-back ID | --drop ID`. Throws a Problem; it can be given again then. */
export async function endRestore(wish: InPlaceWish, settings: WorkerSettings): Promise<void> {
  const given = (['resume', 'rollBack', 'drop'] as const).filter((name) => wish[name] !== undefined)
  const [name] = given
  const restoreId = name && wish[name]
  if (!name || !restoreId || given.length > 1)
    throw new Problem({
      code: 'invalid-request',
      text: 'Say one thing at a time.',
      action: 'Give one of: --spec FILE, --resume ID, --roll-back ID, --drop ID.',
    })
  await locked(settings, async () => {
    const folder = settings.state.inPlace
    const options: EndOptions = {
      folder,
      restoreId,
      connect: () => connectAgain(folder, restoreId),
      signal: new AbortController().signal,
      log: workerLog,
      mirror: (record) => record.type === 'step' && print(`  step ${record.number}: ${record.what}`),
    }
    print(words[await acts[name](options)])
  })
}

async function locked<T>(settings: WorkerSettings, act: () => Promise<T>): Promise<T> {
  prepareStateFolder(settings.state)
  const lock = await lockStateFolder(settings.state)
  try {
    return await act()
  } finally {
    lock.release()
  }
}
