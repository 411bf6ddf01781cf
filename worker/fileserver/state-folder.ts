import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problem } from '@/protocol/problem'

/** Everything a worker keeps on its host. All folders are 0700. */
export type StateFolder = {
  path: string
  /** address of the control plane, worker key, Redis password; 0600 */
  identityFile: string
  /** what the control plane last said of the instance, and when: `talekeeper-worker checkmk` */
  standingFile: string
  lockFile: string
  /** events not taken yet, a file a run */
  journals: string
  /** what is known of the scratch places of restores, a file a restore */
  restores: string
  /** journals of restores in place, kept as long as anything of them is beside */
  inPlace: string
  /** where restores are written when nobody names another folder */
  scratch: string
  /** temporary files of runs, a folder a run */
  temporary: string
  /** parts on their way, a folder a run */
  spool: string
}

/** Names what lies in a state folder, without touching the disk. */
export function stateFolderAt(path: string, spool?: string): StateFolder {
  const root = resolve(path)
  return {
    path: root,
    identityFile: join(root, 'identity.json'),
    standingFile: join(root, 'standing.json'),
    lockFile: join(root, 'lock'),
    journals: join(root, 'journals'),
    restores: join(root, 'restores'),
    inPlace: join(root, 'in-place'),
    scratch: join(root, 'scratch'),
    temporary: join(root, 'temporary'),
    spool: spool ? resolve(spool) : join(root, 'spool'),
  }
}

/** Makes what is missing. Throws a Problem when a folder belongs to somebody else or cannot be made. */
export function prepareStateFolder(state: StateFolder): void {
  const { path, journals, restores, inPlace, scratch, temporary, spool } = state
  for (const folder of [path, journals, restores, inPlace, scratch, temporary, spool]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw new Problem(
        {
          code: 'state-folder',
          text: `The folder ${folder} cannot be made: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
          action: 'Run as root, or name a folder of your own with --state (and --spool).',
          where: folder,
        },
        { cause },
      )
    }
    claimFolder(folder)
  }
}

function claimFolder(folder: string): void {
  const stats = lstatSync(folder)
  if (!stats.isDirectory() || stats.uid !== process.getuid?.())
    throw new Problem({
      code: 'state-folder',
      text: `${folder} is not a folder of the user that runs this worker.`,
      action: 'Name another folder with --state or --spool, or run as the user that owns it.',
      where: folder,
    })
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}
