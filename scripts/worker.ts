import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { stopProcess } from './servers/process'

const program = 'dist/talekeeper-worker.mjs'

export type WorkerPlace = {
  /** state, policy and log of this worker lie here */
  folder: string
  sourceRoots: string[]
  restoreRoots: string[]
  localRemoteRoots: string[]
}

/** Enrols as an administrator does: the built program, the token on stdin. Rejects with what it printed when it fails. */
export function enrolWorker(place: WorkerPlace, url: string, token: string): Promise<void> {
  mkdirSync(place.folder, { recursive: true, mode: 0o700 })
  const allow = [
    ...option('--allow-source', place.sourceRoots),
    ...option('--allow-restore', place.restoreRoots),
    ...option('--allow-local-remote', place.localRemoteRoots),
    '--allow-mongodb',
    '--allow-in-place-restore',
  ]
  const child = spawn(
    process.execPath,
    [program, ...whereOf(place), 'enroll', '--url', url, '--token-file', '-', ...allow],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  child.stdin.end(token)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => (exitCode === 0 ? resolve() : reject(new Error(`enrolment failed:\n${output}`))))
  })
}

/** Starts `talekeeper-worker run`; its log goes to worker.log in its folder. */
export function runWorker(
  place: WorkerPlace,
  environment: Record<string, string> = {},
  words: string[] = [],
): { process: ChildProcess; stop: () => Promise<void> } {
  const output = openSync(join(place.folder, 'worker.log'), 'a', 0o600)
  const child = spawn(process.execPath, [program, ...whereOf(place), 'run', ...words], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...environment },
  })
  return { process: child, stop: () => stopProcess(child) }
}

function option(name: string, values: string[]): string[] {
  return values.length ? [name, ...values] : []
}

function whereOf(place: WorkerPlace): string[] {
  return ['--state', join(place.folder, 'state'), '--policy', join(place.folder, 'policy.json')]
}
