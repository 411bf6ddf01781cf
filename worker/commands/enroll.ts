import { existsSync } from 'node:fs'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { HttpUnreachable } from '@/lib/http'
import { Problem } from '@/protocol/problem'
import { fingerprintOf } from '@/protocol/worker-api'
import { ControlPlane } from '@/worker/fileserver/control-plane'
import { type Identity, readIdentity, stageIdentity } from '@/worker/fileserver/identity'
import { prepareStateFolder } from '@/worker/fileserver/state-folder'
import { controlPlaneUrl } from './control-plane-url'
import { describeHost } from './describe-host'
import { explainPolicy } from './explain-policy'
import { lockStateFolder } from './lock-state-folder'
import { print } from './print'
import { readToken } from './read-token'
import type { WorkerSettings } from './settings'
import { type AllowOptions, settlePolicy } from './settle-policy'

export type EnrollOptions = AllowOptions & { url: string; tokenFile: string }

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

/** The key counts only once the control plane has taken its hash; a refusal leaves an earlier enrolment as it was. */
async function enrolAt(identity: Identity, token: string, { state, mongodbToolFolders }: WorkerSettings) {
  const about = await describeHost(identity, mongodbToolFolders)
  const staged = stageIdentity(state.identityFile, identity)
  try {
    const self = await new ControlPlane(identity.url, null).enroll({ token, ...about })
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
