import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { place } from './place'
import { verdict } from './report'
import { makeBenchTree } from './tree'
import { runBackup, runRestore, sizesOnRemote } from './worker-runs'

/** Small, so that a home is several of them. */
const partMebibytes = 4
const homes = 100

export type Selected = { what: string; seconds: number; fetchedFiles: number; fetchedBytes: number; goalBytes: number }

/**
 * What it costs to get one home of 1 %, and one file, out of a large backup: bytes fetched against what they hold, two parts, and
 * the index that every restore of files reads.
 */
export async function measureSelected(size: { megabytes: number; files: number }): Promise<Selected[]> {
  const tree = place.tree(size.megabytes).replace(/\/?$/, '-homes')
  const home = (number: number) => join(tree, `home-${String(number).padStart(3, '0')}`)
  for (let number = 0; number < homes; number++)
    makeBenchTree(home(number), {
      megabytes: size.megabytes / homes,
      files: Math.max(1, Math.round(size.files / homes)),
    })
  const backup = await runBackup(tree, { bytesPerSecond: null, partMebibytes })
  const { largestPart, index } = sizesOnRemote(backup.folder)
  const file = firstFile(join(home(50), 'workspaces'))
  const cases = [
    { what: 'one home of 1 %', path: home(50), bytes: (size.megabytes / homes) * 1024 ** 2 },
    { what: 'one file', path: file, bytes: statSync(file).size },
  ]
  const selected: Selected[] = []
  for (const { what, path, bytes } of cases) {
    const { seconds, fetched } = await runRestore(backup, [path])
    const goalBytes = bytes + 2 * largestPart + index
    selected.push({ what, seconds, fetchedFiles: fetched.files, fetchedBytes: fetched.bytes, goalBytes })
  }
  return selected
}

export function printSelected(selected: Selected[], wholeBytes: number | null): void {
  for (const { what, seconds, fetchedFiles, fetchedBytes, goalBytes } of selected)
    console.log(
      `${what} out of a backup of ${mebibytes(wholeBytes ?? 0)} MiB: ${seconds.toFixed(2)} s, ${mebibytes(fetchedBytes)} MiB in ${fetchedFiles} files  <= it, two parts and the index: ${mebibytes(goalBytes)} MiB ${verdict(fetchedBytes, goalBytes)}`,
    )
}

function firstFile(folder: string): string {
  const [first] = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (!first) throw new Error(`${folder} is empty`)
  return first.isDirectory() ? firstFile(join(folder, first.name)) : join(folder, first.name)
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1)
}
