import { accessSync, constants, lstatSync, readdirSync, type Stats, statfsSync } from 'node:fs'
import type { Policy } from '@/protocol/policy'
import type { StateFolder } from '@/worker/fileserver/state-folder'
import { type Finding, ok, problem, warning } from './finding'
import { tryLockStateFolder } from './lock-state-folder'

/** Three parts of the default size may lie in the spool. */
const comfortableBytes = 2 * 1024 ** 3
const leastBytes = 256 * 1024 ** 2

/** The state folder's rights, and whether a worker runs on it. */
export async function checkState(state: StateFolder): Promise<Finding[]> {
  const stats = lstatSync(state.path, { throwIfNoEntry: false })
  if (!stats)
    return [warning('State folder', `${state.path} does not exist yet.`, 'It is made by: talekeeper-worker enroll')]
  const fault = faultOf(stats)
  if (fault)
    return [
      problem(
        'State folder',
        `${state.path} ${fault}`,
        `Run: chown ${process.getuid?.()} ${state.path}; chmod 700 ${state.path}`,
      ),
    ]
  const lock = await tryLockStateFolder(state)
  lock?.release()
  return [
    ok('State folder', state.path),
    lock
      ? warning(
          'Process',
          'No worker runs with this state folder.',
          'Start it: systemctl start talekeeper-worker, or talekeeper-worker run',
        )
      : ok('Process', 'A worker runs with this state folder.'),
  ]
}

function faultOf(stats: Stats): string | null {
  if (!stats.isDirectory()) return 'is not a folder.'
  if (stats.uid !== process.getuid?.()) return 'belongs to another user.'
  return (stats.mode & 0o077) === 0 ? null : 'is open to other users.'
}

export function checkFreeSpace(state: StateFolder): Finding[] {
  const [folder] = [state.spool, state.path].filter((path) => lstatSync(path, { throwIfNoEntry: false }))
  if (!folder) return []
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${folder} has ${(free / 1024 ** 3).toFixed(1)} GiB free.`
  const action = 'Free some space, or name a folder on another filesystem with --spool.'
  if (free < leastBytes) return [problem('Spool', text, action)]
  return [
    free < comfortableBytes ? warning('Spool', `${text} Three parts of a plan must fit.`, action) : ok('Spool', text),
  ]
}

/** Everything that the policy allows is there and readable, or writable. */
export function checkFolders(policy: Policy): Finding[] {
  return [
    ...policy.sourceRoots.map(checkReadable),
    ...[...policy.restoreRoots, ...policy.localRemoteRoots].map(checkWritable),
  ]
}

function checkReadable(path: string): Finding {
  try {
    const stats = lstatSync(path)
    if (stats.isDirectory()) readdirSync(path)
    else accessSync(path, constants.R_OK)
    return ok('Source', `${path} can be read.`)
  } catch (error) {
    return problem(
      'Source',
      `${path} cannot be read: ${codeOf(error)}.`,
      'Mount or make it, run the worker as root, or take it out of the policy file.',
    )
  }
}

function checkWritable(path: string): Finding {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return ok('Folder', `${path} can be written.`)
  } catch (error) {
    return warning(
      'Folder',
      `${path} cannot be written: ${codeOf(error)}.`,
      'Mount or make it, run the worker as root, or take it out of the policy file.',
    )
  }
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'it does not exist'
  return code === 'EACCES' ? 'this user may not' : (code ?? String(error))
}
