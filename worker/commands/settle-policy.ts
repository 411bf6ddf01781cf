import { existsSync } from 'node:fs'
import { type Policy, policySchema } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import { backends } from '@/protocol/remotes'
import { readPolicy, writePolicy } from '@/worker/fileserver/policy-file'
import type { WorkerSettings } from './settings'

/** What a host allows its worker, by the options of the command that enrols it. */
export type AllowOptions = {
  allowSource: string[]
  allowRestore: string[]
  allowLocalRemote: string[]
  allowMongodb: boolean
  allowInPlaceRestore?: boolean
  allowMongodbImage: string[]
  /** even over a policy that says something else */
  force: boolean
}

/** The policy that holds from now on: written from the options, or the one that is there when none were given. */
export function settlePolicy(options: AllowOptions, { policyFile, state }: WorkerSettings): Policy {
  const wanted = policyOf(options, state.scratch)
  const { allowSource, allowRestore, allowLocalRemote, allowMongodb, allowMongodbImage } = options
  const lists = [allowSource, allowRestore, allowLocalRemote, allowMongodbImage]
  const isGiven = allowMongodb || options.allowInPlaceRestore === true || lists.some((list) => list.length > 0)
  if (existsSync(policyFile)) {
    const present = options.force && isGiven ? null : readPolicy(policyFile)
    if (present && (!isGiven || JSON.stringify(present) === JSON.stringify(wanted))) return present
    if (present)
      throw new Problem({
        code: 'policy-exists',
        text: 'This host has a policy file already, which says something else than the --allow options.',
        action: 'Leave the --allow options out to keep it, edit it by hand, or replace it with --force.',
        where: policyFile,
      })
  }
  writePolicy(policyFile, wanted)
  return readPolicy(policyFile)
}

/** Restores may always be written into the worker's own scratch place: it is 0700, and the dashboard proposes it. */
function policyOf(options: AllowOptions, scratch: string): Policy {
  const withoutSlash = (paths: string[]) => paths.map((path) => (path === '/' ? path : path.replace(/\/+$/, '')))
  const policy = policySchema.safeParse({
    version: 1,
    sourceRoots: withoutSlash(options.allowSource),
    restoreRoots: [...new Set([scratch, ...withoutSlash(options.allowRestore)])],
    localRemoteRoots: withoutSlash(options.allowLocalRemote),
    backends: [
      ...(options.allowLocalRemote.length ? ['local'] : []),
      ...backends.filter((backend) => backend !== 'local'),
    ],
    mongodb: options.allowMongodb,
    ...(options.allowMongodbImage.length ? { mongodbImages: options.allowMongodbImage } : {}),
    inPlaceRestore: options.allowInPlaceRestore ?? false,
  })
  if (policy.success) return policy.data
  const isImage = policy.error.issues[0]?.path[0] === 'mongodbImages'
  throw new Problem({
    code: isImage ? 'invalid-image' : 'invalid-path',
    text: `${isImage ? 'An image' : 'A path'} of the --allow options is not right. ${policy.error.issues[0]?.message ?? ''}`,
    action: isImage
      ? 'Give images as Docker names them, for example: --allow-mongodb-image mongo:3.2'
      : 'Give absolute paths, for example: --allow-source /mnt/homes',
  })
}
