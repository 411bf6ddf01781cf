import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
  policyFile: join(work, 'policy.json'),
  tree: (megabytes: number) => join(work, `tree-${megabytes}`),
}

/** Makes the folders anew, except the trees, which are kept for the next time, and a policy that allows what is measured. */
export function preparePlace(): void {
  clearPlace()
  for (const folder of [place.state, place.remote, place.restores, place.peer])
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  const policy = {
    version: 1,
    sourceRoots: [work],
    restoreRoots: [place.restores],
    localRemoteRoots: [place.remote],
    backends: ['local'],
    mongodb: false,
    inPlaceRestore: false,
  }
  writeFileSync(place.policyFile, JSON.stringify(policy))
}

export function clearPlace(): void {
  for (const folder of [place.state, place.remote, place.restores, place.peer])
    rmSync(folder, { recursive: true, force: true })
}

/** Empties a folder between two runs, outside what is measured. */
export function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
}
