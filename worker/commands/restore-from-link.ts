import { rmSync } from 'node:fs'
import { randomToken } from '@/lib/crypto'
import { HttpUnreachable } from '@/lib/http'
import { readLink } from '@/protocol/migration-link'
import { Problem } from '@/protocol/problem'
import type { MigrationStanding } from '@/protocol/worker-api'
import { BackOff, pause } from '@/worker/fileserver/back-off'
import { ControlPlane, Refused, type Self } from '@/worker/fileserver/control-plane'
import { type Identity, readIdentity, stageIdentity } from '@/worker/fileserver/identity'
import { prepareStateFolder, type StateFolder } from '@/worker/fileserver/state-folder'
import type { Engine } from '@/worker/fileserver/station'
import { controlPlaneUrl } from './control-plane-url'
import { describeHost } from './describe-host'
import { endingProblem } from './ending-problem'
import { explainPolicy } from './explain-policy'
import { lockStateFolder } from './lock-state-folder'
import { print, printError } from './print'
import { readSecret } from './read-secret'
import { stopSignal, workUntil } from './run'
import type { WorkerSettings } from './settings'
import { type AllowOptions, settlePolicy } from './settle-policy'

export type LinkOptions = AllowOptions & { fromLink: string }

const heartbeatSeconds = 15
const lookMilliseconds = 3000

/**
 * Makes this host the worker of a migration link, and works until the restore of that link has ended. Repeated on the same host it
 * goes on where it was, and has a restore that failed begun anew. Returns the exit code. Throws a Problem.
 */
export async function restoreFromLink(options: LinkOptions, settings: WorkerSettings, engine: Engine): Promise<number> {
  const link = await readSecret(options.fromLink, { noun: 'link', option: '--from-link' })
  const { facts } = readLink(link)
  const url = controlPlaneUrl(facts.url)
  print(`Link of the dashboard at ${url}: worker "${facts.worker}" of instance "${facts.instance}".`)
  const stop = stopSignal()
  const control = await becomeWorker({ link, url }, options, settings, stop)
  const standing = await workUntilRestored(control, settings, engine, stop)
  return tell(standing)
}

/** The state folder is this process's alone meanwhile. */
async function becomeWorker(
  { link, url }: { link: string; url: string },
  options: LinkOptions,
  settings: WorkerSettings,
  stop: AbortSignal,
): Promise<ControlPlane> {
  const { state } = settings
  prepareStateFolder(state)
  const lock = await lockStateFolder(state)
  try {
    const policy = settlePolicy(options, settings)
    print(`\nWhat it may do (${settings.policyFile}; edit it as root at any time):`)
    for (const sentence of explainPolicy(policy)) print(`  - ${sentence}`)
    const { identity, isNew } = identityAt(url, state)
    const request = { link, ...(await describeHost(identity, settings.mongodbToolFolders)) }
    const self = await redeem(new ControlPlane(url, null), request, stop).catch((error: unknown) => {
      if (isNew && error instanceof Refused) rmSync(state.identityFile, { force: true })
      throw error
    })
    print(`\nThis host is worker "${self.workerSlug}" of instance "${self.instance.slug}".`)
    print(`Fingerprint: ${self.fingerprint}`)
    return new ControlPlane(url, identity.key)
  } finally {
    lock.release()
  }
}

/** The key is kept before the link is redeemed: when the answer is lost, the same host can ask again. */
function identityAt(url: string, { identityFile, path }: StateFolder): { identity: Identity; isNew: boolean } {
  const present = readIdentity(identityFile)
  if (present?.url === url) return { identity: present, isNew: false }
  if (present)
    throw new Problem({
      code: 'already-enrolled',
      text: `This host is a worker of another dashboard already, at ${present.url}.`,
      action: 'Use a fresh host, or a state folder of its own (--state).',
      where: path,
    })
  const identity: Identity = { version: 1, url, key: randomToken(), redisPassword: randomToken() }
  stageIdentity(identityFile, identity).keep()
  return { identity, isNew: true }
}

/** At first boot the network may come up late: tries until the dashboard answers, or this process is stopped. */
async function redeem(
  control: ControlPlane,
  request: Parameters<ControlPlane['redeemMigration']>[0],
  stop: AbortSignal,
): Promise<Self> {
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 30_000 })
  for (let isFirst = true; ; isFirst = false)
    try {
      return await control.redeemMigration(request, stop)
    } catch (error) {
      if (!(error instanceof HttpUnreachable)) throw error
      stop.throwIfAborted()
      if (isFirst) print(`The dashboard does not answer yet, trying again: ${error.message}`)
      await backOff.wait(stop)
    }
}

async function workUntilRestored(
  control: ControlPlane,
  settings: WorkerSettings,
  engine: Engine,
  stop: AbortSignal,
): Promise<MigrationStanding> {
  const over = new AbortController()
  const either = AbortSignal.any([stop, over.signal])
  const working = workUntil(either, { heartbeatSeconds }, settings, engine)
  const end = () => over.abort(new Error('the restore has ended'))
  working.then(end, end)
  const [standing] = await Promise.all([follow(control, either).finally(end), working])
  return standing
}

const open: MigrationStanding['state'][] = ['waiting', 'pending', 'beginning', 'restoring']

/** Resolves when the migration has ended; rejects with the signal's reason, or when the dashboard refuses this worker. */
async function follow(control: ControlPlane, signal: AbortSignal): Promise<MigrationStanding> {
  let said = ''
  for (;;) {
    try {
      const standing = await control.migration(signal)
      if (!open.includes(standing.state)) return standing
      const text = wordsOf(standing)
      if (text !== said) print(text)
      said = text
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof HttpUnreachable)) throw error
    }
    await pause(lookMilliseconds, signal)
  }
}

function wordsOf({ state, phase, restoreId }: MigrationStanding): string {
  if (state === 'pending') return 'Waiting: compare the fingerprint in the dashboard and confirm it there.'
  if (state === 'restoring') return `Restore ${restoreId}: ${phase ?? 'waiting for its turn'}.`
  return 'Confirmed. The dashboard asks for the restore.'
}

function tell(standing: MigrationStanding): number {
  const problem = endingProblem(standing)
  if (problem) {
    printError(problem)
    return 1
  }
  print(`\nRestored, as the page of restore ${standing.restoreId} tells. Now start the worker as a service, for good:`)
  print('  systemctl enable --now talekeeper-worker')
  return 0
}
