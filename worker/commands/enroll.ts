import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { programVersion } from '@/engine/program-version'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { HttpUnreachable } from '@/lib/http'
import { type Policy, policySchema } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import { backends } from '@/protocol/remotes'
import { fingerprintOf } from '@/protocol/worker-api'
import { ControlPlane } from '@/worker/fileserver/control-plane'
import { type Identity, readIdentity, stageIdentity } from '@/worker/fileserver/identity'
import { isLoopback } from '@/worker/fileserver/loopback'
import { readPolicy, writePolicy } from '@/worker/fileserver/policy-file'
import { prepareStateFolder } from '@/worker/fileserver/state-folder'
import { explainPolicy } from './explain-policy'
import { lockStateFolder } from './lock-state-folder'
import { print } from './print'
import { probeTools } from './probe-tools'
import { readToken } from './read-token'
import type { WorkerSettings } from './settings'

export type EnrollOptions = {
  url: string
  tokenFile: string
  allowSource: string[]
  allowRestore: string[]
  allowLocalRemote: string[]
  allowMongodb: boolean
  allowInPlaceRestore?: boolean
  allowMongodbImage: string[]
  force: boolean
}

/**
 * Makes this host a worker: key and Redis password are made here, and only their SHA-256 is sent. Everything that can fail on
 * this host is done before the token is used up. Throws a Problem.
 */
export async function enroll(options: EnrollOptions, settings: WorkerSettings): Promise<void> {
  const url = controlPlaneUrl(options.url)
  prepareStateFolder(settings.state)
  const lock = await lockStateFolder(settings.state)
  try {
    refuseSecondEnrolment(options, settings)
    const policy = settlePolicy(options, settings)
    const token = await readToken(options.tokenFile)
    const identity: Identity = { version: 1, url, key: randomToken(), redisPassword: randomToken() }
    const self = await enrolAt(identity, token, settings)
    const fingerprint = fingerprintOf(sha256Hex(identity.key))
    print(`This host is now worker "${self.workerSlug}" of instance "${self.instance.slug}".`)
    print(`\nWhat it may do (${settings.policyFile}; edit it as root at any time):`)
    for (const sentence of explainPolicy(policy)) print(`  - ${sentence}`)
    print(`\nFingerprint: ${fingerprint}`)
    print(
      'It is pending: compare the fingerprint in the dashboard and confirm it there. Then start: talekeeper-worker run',
    )
  } finally {
    lock.release()
  }
}

/** Without a trailing slash. Throws a Problem for anything but https, or http on this host. */
export function controlPlaneUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && isSafe && !url.username && !url.password && !url.search && !url.hash) return url.href.replace(/\/+$/, '')
  const isPlain = url?.protocol === 'http:' && !isLoopback(url.hostname)
  throw new Problem({
    code: isPlain ? 'plain-http' : 'invalid-address',
    text: isPlain
      ? 'The control plane would be reached without encryption, so that anybody in between could read the key of this worker.'
      : 'That is not the address of a control plane.',
    action:
      'Give the address that the dashboard shows, beginning with https:// (plain http:// is for this very host only).',
    where: '--url',
  })
}

function refuseSecondEnrolment({ force }: EnrollOptions, { state }: WorkerSettings): void {
  if (force || !existsSync(state.identityFile)) return
  const identity = readIdentity(state.identityFile)
  throw new Problem({
    code: 'already-enrolled',
    text: `This host is enrolled already, at ${identity?.url ?? 'a control plane'}.`,
    action: 'To enrol it anew, repeat the command with --force, and revoke the old worker in the dashboard.',
    where: state.path,
  })
}

/** The policy that holds from now on: written from the options, or the one that is there when none were given. */
function settlePolicy(options: EnrollOptions, { policyFile, state }: WorkerSettings): Policy {
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
function policyOf(options: EnrollOptions, scratch: string): Policy {
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

/** The key counts only once the control plane has taken its hash; a refusal leaves an earlier enrolment as it was. */
async function enrolAt(identity: Identity, token: string, { state, mongodbToolFolders }: WorkerSettings) {
  const tools = await probeTools(mongodbToolFolders)
  const staged = stageIdentity(state.identityFile, identity)
  try {
    const self = await new ControlPlane(identity.url, null).enroll({
      token,
      keySha256: sha256Hex(identity.key),
      redisPasswordSha256: sha256Hex(identity.redisPassword),
      hostName: hostname().slice(0, 255) || 'unknown',
      version: programVersion,
      tools,
    })
    staged.keep()
    return self
  } catch (error) {
    staged.drop()
    if (error instanceof HttpUnreachable) throw unreachable(identity.url, error)
    throw error
  }
}

function unreachable(url: string, cause: HttpUnreachable): Problem {
  return new Problem(
    {
      code: 'control-plane-unreachable',
      text: `The control plane did not answer: ${cause.message}.`,
      action:
        'Check the address and the network (HTTPS_PROXY, EXTRA_CA_FILE), then repeat. When the token counts as used, make a new one.',
      where: url,
    },
    { cause },
  )
}
