import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'
import type { MongodbSource } from '@/protocol/sources'
import { isAtOrBelow } from './files/archive-plan'

/** What the host's policy file says against a spec, whatever the control plane wants. All throw Problem `outside-policy`. */
export async function requireRemoteAllowed(policy: Policy, remote: Remote): Promise<void> {
  if (!policy.backends.includes(remote.backend))
    throw outsidePolicy(
      `This worker may not use remotes of the kind ${remote.backend}.`,
      `Add "${remote.backend}" to "backends"`,
      remote.backend,
    )
  if (remote.backend === 'local' && !(await liesBelow(remote.baseFolder, policy.localRemoteRoots)))
    throw outsidePolicy(
      `This worker may not keep backups in ${remote.baseFolder}.`,
      'Add the folder to "localRemoteRoots"',
      remote.baseFolder,
    )
}

export function requireMongodbAllowed(policy: Policy, reach: MongodbSource['reach'] = 'direct'): void {
  if (!policy.mongodb)
    throw outsidePolicy('This worker may not dump or restore MongoDB.', 'Set "mongodb" to true', 'mongodb')
  if (reach !== 'direct' && !policy.mongodbImages?.includes(reach.image))
    throw outsidePolicy(
      `This worker may not run programs of the image ${reach.image}.`,
      `Add "${reach.image}" to the list "mongodbImages"`,
      reach.image,
    )
}

export async function requireRestoreAllowed(policy: Policy, folder: string): Promise<void> {
  const below = policy.restoreRoots.some((root) => folder !== root) && (await liesBelow(folder, policy.restoreRoots))
  if (!below)
    throw outsidePolicy(
      `This worker may not restore into ${folder}.`,
      'Add a folder above it to "restoreRoots"',
      folder,
    )
}

/** `path`: what would be replaced. */
export async function requireInPlaceAllowed(policy: Policy, path: string): Promise<void> {
  if (!policy.inPlaceRestore)
    throw outsidePolicy('This worker may not restore in place.', 'Set "inPlaceRestore" to true', 'inPlaceRestore')
  if (!(await liesBelow(path, policy.sourceRoots)))
    throw outsidePolicy(`This worker may not replace ${path}.`, 'Add a folder above it to "sourceRoots"', path)
}

/** Whether a path that may not exist yet lies below one of the roots, links above it resolved. */
async function liesBelow(path: string, roots: string[]): Promise<boolean> {
  if (!roots.some((root) => isAtOrBelow(path, root))) return false
  const real = await realPathOf(path)
  const realRoots = await Promise.all(roots.map(realPathOf))
  return realRoots.some((root) => isAtOrBelow(real, root))
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path === '/') throw error
    return join(await realPathOf(dirname(path)), basename(path))
  }
}

function outsidePolicy(text: string, how: string, where: string): Problem {
  return new Problem({
    code: 'outside-policy',
    text,
    action: `${how} in the policy file on this worker’s host, if that is what you want.`,
    where,
  })
}
