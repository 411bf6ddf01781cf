import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Everything that the benchmark writes lies below this folder, except its results. */
const work = resolve('bench/.work')

export const place = {
  work,
  state: join(work, 'state'),
  remote: join(work, 'remote'),
  restores: join(work, 'restores'),
  /** what plain tools write */
  peer: join(work, 'peer'),
  /** trees that were restored and are not needed any more */
  aside: join(work, 'aside'),
  policyFile: join(work, 'policy.json'),
  tree: (megabytes: number) => join(work, `tree-${megabytes}`),
}

/** Makes the folders anew, except the trees, which are kept for the next time, and a policy that allows what is measured. */
export function preparePlace(): void {
  clearPlace()
  for (const folder of [place.state, place.remote, place.restores, place.peer, place.aside])
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  const policy = {
    version: 1,
    sourceRoots: [work],
    restoreRoots: [place.restores],
    localRemoteRoots: [place.remote],
    backends: ['local'],
    mongodb: false,
    inPlaceRestore: true,
  }
  writeFileSync(place.policyFile, JSON.stringify(policy))
}

export function clearPlace(): void {
  for (const folder of [place.state, place.remote, place.restores, place.peer, place.aside])
    rmSync(folder, { recursive: true, force: true })
}

/** Where, in one of these folders, the tree lies that was restored there. */
export const restoredIn = (folder: string): string => join(folder, 'restored')

/**
 * Empties a folder between two runs, outside what is measured. A restored tree in it is removed at the end only: ext4 is slow to
 * make files for minutes after thousands were removed, which would be counted to whoever writes next.
 */
export function empty(folder: string): void {
  if (existsSync(restoredIn(folder))) renameSync(restoredIn(folder), join(place.aside, String(performance.now())))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
}
