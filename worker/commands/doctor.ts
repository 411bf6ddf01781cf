import { programVersion } from '@/engine/program-version'
import { HttpUnreachable } from '@/lib/http'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import { ControlPlane, type Self } from '@/worker/fileserver/control-plane'
import { type Identity, readIdentity } from '@/worker/fileserver/identity'
import { reachableRedis } from '@/worker/fileserver/open-queues'
import { readPolicy } from '@/worker/fileserver/policy-file'
import { checkFolders, checkFreeSpace, checkState } from './check-folders'
import { checkRedis } from './check-redis'
import { checkTools } from './check-tools'
import { explainPolicy } from './explain-policy'
import { type Finding, ok, problem, warning } from './finding'
import { print } from './print'
import { probeTools } from './probe-tools'
import type { WorkerSettings } from './settings'

/** Looks at everything this worker needs, says what to do about each fault, and resolves to the exit code. Changes nothing. */
export async function doctor(options: { json: boolean }, settings: WorkerSettings): Promise<0 | 1> {
  const findings = await examine(settings)
  const hasProblem = findings.some((finding) => finding.level === 'problem')
  if (options.json) print(JSON.stringify({ version: programVersion, ok: !hasProblem, findings }, null, 2))
  else for (const line of linesOf(findings)) print(line)
  return hasProblem ? 1 : 0
}

async function examine(settings: WorkerSettings): Promise<Finding[]> {
  const { state, policyFile, mongodbToolFolders } = settings
  const identity = attempt('Enrolment', () => readIdentity(state.identityFile))
  const policy = attempt('Policy', () => readPolicy(policyFile))
  return [
    ...checkTools(await probeTools(mongodbToolFolders), mongodbToolFolders),
    ...(await checkState(state)),
    ...(await checkFreeSpace(state)),
    ...('finding' in policy
      ? [policy.finding]
      : [...checkPolicy(policyFile, policy.value), ...checkFolders(policy.value)]),
    ...('finding' in identity ? [identity.finding] : await checkControlPlane(identity.value)),
  ]
}

function attempt<T>(subject: string, read: () => T): { value: T } | { finding: Finding } {
  try {
    return { value: read() }
  } catch (error) {
    return { finding: findingOf(subject, error) }
  }
}

function findingOf(subject: string, error: unknown): Finding {
  if (error instanceof Problem) return problem(subject, error.message, error.action)
  return problem(subject, error instanceof Error ? error.message : String(error))
}

function checkPolicy(file: string, policy: Policy): Finding[] {
  return [ok('Policy', file), ...explainPolicy(policy).map((sentence) => ok('Policy', sentence))]
}

async function checkControlPlane(identity: Identity | null): Promise<Finding[]> {
  const subject = 'Control plane'
  if (!identity)
    return [
      problem(
        'Enrolment',
        'This host is not enrolled yet.',
        'Run the command that the dashboard shows under "Enrol a worker".',
      ),
    ]
  try {
    const self = await new ControlPlane(identity.url, identity.key).self()
    const who = `worker "${self.workerSlug}" of instance "${self.instance.slug}"`
    if (self.state === 'active')
      return [ok(subject, `${identity.url} accepts this host as ${who}.`), await checkQueue(self, identity)]
    if (self.state === 'pending')
      return [
        warning(
          subject,
          `${identity.url} knows this host as ${who}, pending. Fingerprint: ${self.fingerprint}`,
          'Compare the fingerprint and confirm it in the dashboard.',
        ),
      ]
    return [
      problem(subject, `${identity.url} has revoked ${who}.`, 'To use this host again, enrol it anew with --force.'),
    ]
  } catch (error) {
    if (!(error instanceof HttpUnreachable)) return [findingOf(subject, error)]
    return [
      problem(
        subject,
        `It cannot be reached: ${error.message}.`,
        'Check network, firewall, HTTPS_PROXY and EXTRA_CA_FILE.',
      ),
    ]
  }
}

async function checkQueue(self: Self, identity: Identity): Promise<Finding> {
  try {
    const redis = reachableRedis(self)
    await checkRedis(redis.url, redis.username, identity.redisPassword)
    return ok('Redis', `${redis.url} accepts this worker.`)
  } catch (error) {
    if (error instanceof Problem) return findingOf('Redis', error)
    const reason = error instanceof Error ? error.message : String(error)
    return problem(
      'Redis',
      `${self.redis?.url} does not let this worker in: ${reason}`,
      'Check that the control process runs, that its Redis is up, and that this host may reach that port.',
    )
  }
}

function linesOf(findings: Finding[]): string[] {
  return findings.flatMap(({ level, subject, text, action }) => [
    `${level.padEnd(8)} ${subject}: ${text}`,
    ...(action ? [`         → ${action}`] : []),
  ])
}
