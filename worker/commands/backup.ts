import { runBackup } from '@/engine/run-backup'
import { backupSpecSchema } from '@/protocol/specs'
import { type AloneOptions, readSpec, runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

/** `talekeeper-worker backup --spec FILE`: a complete backup, but unsigned. Returns the exit code. */
export async function backup(options: AloneOptions, settings: WorkerSettings): Promise<number> {
  const spec = readSpec(options.spec, backupSpecSchema)
  return runAlone(options, settings, spec.limits, (context) => runBackup(spec, context))
}
