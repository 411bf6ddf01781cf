import { toleratedSkewSeconds } from '@/core/prunes/clocks-disagree'
import { isSilent } from '@/core/workers/silence-rules'
import { upgradeHint } from '@/core/workers/upgrade-rules'
import { compareVersions, protocolVersion } from '@/protocol/version'
import type { Condition } from './condition'
import { bytesInWords, momentInWords, spanInWords } from './words'

export type WatchedWorker = {
  id: string
  slug: string
  state: 'pending' | 'active' | 'revoked'
  instance: { id: string; slug: string; name: string }
  /** plans that read one of its sources */
  planCount: number
  lastSeenAt: Date | null
  clockSkewSeconds: number
  clockSkewSince: Date | null
  spoolFreeBytes: number
  /** 0: it did not say */
  spoolTotalBytes: number
  version: string
  protocol: string
  /** when it was last refused for its version of the protocol, and which; null: its latest heartbeat was taken */
  refusedAt: Date | null
  refusedProtocol: string | null
}

const gibibyte = 1024 ** 3

/** `hearingSince`: since when workers could be heard without a gap; null: they cannot be heard now, so nobody is silent. */
export function workerConditions(worker: WatchedWorker, hearingSince: Date | null, now: Date): Condition[] {
  if (worker.state !== 'active') return []
  const { instance, slug } = worker
  const common = {
    subject: `worker:${worker.id}`,
    href: `/instances/${instance.slug}/workers/${slug}`,
    instanceIds: [instance.id],
  }
  const name = `The worker “${slug}” of ${instance.name}`
  const refused = refusal(worker, name, now)
  if (refused.length > 0) return refused.map((found) => ({ ...common, ...found }))
  const silent = silence(worker, name, hearingSince, now)
  // what a silent worker said last is no news
  const others = silent.length > 0 ? [] : [...skew(worker, name), ...spool(worker, name), ...age(worker, name)]
  return [...silent, ...others].map((found) => ({ ...common, ...found }))
}

/** It said something lately, since we could hear it. */
export function isHeard({ lastSeenAt }: WatchedWorker, hearingSince: Date | null, now: Date): boolean {
  return lastSeenAt !== null && hearingSince !== null && lastSeenAt >= hearingSince && !isSilent(lastSeenAt, now)
}

type Found = Omit<Condition, 'subject' | 'href' | 'instanceIds'>

function silence(
  { lastSeenAt, planCount }: WatchedWorker,
  name: string,
  hearingSince: Date | null,
  now: Date,
): Found[] {
  if (!lastSeenAt || !hearingSince) return []
  const heardAt = lastSeenAt > hearingSince ? lastSeenAt : hearingSince
  if (!isSilent(heardAt, now)) return []
  return [
    {
      kind: 'worker-silent',
      severity: planCount > 0 ? 'critical' : 'warning',
      title: `${name} is silent`,
      text: `It was last heard of at ${momentInWords(lastSeenAt)}.`,
      meaning: planCount > 0 ? 'Its backups are not made while it is away.' : 'No plan needs it.',
      action: 'Look whether its host is up, the service talekeeper-worker runs, and reaches the dashboard.',
      since: lastSeenAt,
    },
  ]
}

/** It is there and asks, which is no silence. */
function refusal(worker: WatchedWorker, name: string, now: Date): Found[] {
  const { refusedAt, refusedProtocol, lastSeenAt, planCount } = worker
  if (!refusedAt || isSilent(refusedAt, now)) return []
  const isNewer = compareVersions(refusedProtocol ?? '', protocolVersion) > 0
  return [
    {
      kind: 'worker-refused',
      severity: planCount > 0 ? 'critical' : 'warning',
      title: `${name} is too ${isNewer ? 'new' : 'old'} for the dashboard`,
      text: `It speaks version ${refusedProtocol} of the protocol, the dashboard version ${protocolVersion}. It is refused.`,
      meaning: planCount > 0 ? 'Its backups are not made while this lasts.' : 'No plan needs it.',
      action: isNewer
        ? 'Upgrade the dashboard: it always goes first.'
        : 'Upgrade Talekeeper on the host of the worker.',
      since: lastSeenAt,
    },
  ]
}

function skew({ clockSkewSeconds, clockSkewSince }: WatchedWorker, name: string): Found[] {
  if (Math.abs(clockSkewSeconds) < toleratedSkewSeconds) return []
  const span = spanInWords(Math.abs(clockSkewSeconds) * 1000)
  return [
    {
      kind: 'clock-skew',
      severity: 'warning',
      title: `${name} has another time than the dashboard`,
      text: `Its clock is ${span} ${clockSkewSeconds > 0 ? 'ahead' : 'behind'}.`,
      meaning: 'Backups go on. Nothing of this instance is deleted until the clocks agree.',
      action: 'Let both hosts take their time from NTP.',
      since: clockSkewSince,
    },
  ]
}

function spool({ spoolFreeBytes, spoolTotalBytes }: WatchedWorker, name: string): Found[] {
  if (spoolTotalBytes === 0) return []
  const isShort = spoolFreeBytes < 2 * gibibyte
  const isLow = spoolFreeBytes < 5 * gibibyte && spoolFreeBytes < spoolTotalBytes / 10
  if (!isShort && !isLow) return []
  return [
    {
      kind: 'spool-low',
      severity: isShort ? 'critical' : 'warning',
      title: `${name} has little space for parts on their way`,
      text: `${bytesInWords(spoolFreeBytes)} of ${bytesInWords(spoolTotalBytes)} are free on the disk of its spool.`,
      meaning: 'A backup holds up to three parts there, and fails when they find no place.',
      action: 'Free space on that disk, or move the spool with --spool.',
      since: null,
    },
  ]
}

function age(worker: WatchedWorker, name: string): Found[] {
  const hint = upgradeHint(worker)
  if (hint?.level !== 'warning') return []
  return [
    {
      kind: 'worker-outdated',
      severity: 'notice',
      title: `${name} is older than the dashboard`,
      text: hint.text,
      meaning: 'Its backups go on.',
      action: 'Upgrade Talekeeper on its host.',
      since: null,
    },
  ]
}
