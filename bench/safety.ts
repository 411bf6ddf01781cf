import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { place } from './place'
import { makeBenchTree } from './tree'
import { runBackup, runBackupBeside, runInPlace } from './worker-runs'

const limits = { bytesPerSecond: null, partMebibytes: 512 }

export type Safety = { restoreSeconds: number; withSafetySeconds: number; safetyBackupSeconds: number }

/** What a safety backup adds to a restore in place of the same tree: its own time, and the look at what was written since. */
export async function measureSafety(size: { megabytes: number; files: number }): Promise<Safety> {
  const without = await restoreInPlace(size, 'without', false)
  const withSafety = await restoreInPlace(size, 'with', true)
  return {
    restoreSeconds: without.seconds,
    withSafetySeconds: withSafety.seconds,
    safetyBackupSeconds: withSafety.safetySeconds,
  }
}

/** In a tree of its own, since one that keeps an old copy beside takes no second restore. */
async function restoreInPlace(size: { megabytes: number; files: number }, name: string, isSafe: boolean) {
  const tree = `${place.tree(size.megabytes)}-in-place-${name}`
  rmSync(tree, { recursive: true, force: true })
  makeBenchTree(tree, size)
  const backup = await runBackup(tree, limits)
  const safety = isSafe ? await runBackupBeside(tree, limits) : null
  const { seconds } = await runInPlace(backup, safety)
  renameSync(tree, join(place.aside, name))
  return { seconds, safetySeconds: safety?.seconds ?? 0 }
}

export function printSafety({ restoreSeconds, withSafetySeconds, safetyBackupSeconds }: Safety): void {
  const added = safetyBackupSeconds + withSafetySeconds - restoreSeconds
  console.log(
    `restore in place: ${restoreSeconds.toFixed(2)} s; with a safety backup ${added.toFixed(2)} s more, ${safetyBackupSeconds.toFixed(2)} s of them the backup itself`,
  )
}
