import type { InstanceHealth, PlanHealthFacts, RunState } from '@/core/health/judge'
import type { Severity } from '@/core/incidents/kind-rules'
import { severities } from '@/core/incidents/kind-rules'
import type { GaugeFamily } from '@/lib/metrics'

/** What Prometheus is told, out of facts. Names and units follow its conventions: base units, timestamps in seconds. Pure. */

export type MetricFacts = {
  version: string
  now: Date
  controlSeenAt: Date | null
  watchedAt: Date | null
  isControlAlive: boolean
  isRedisAway: boolean
  instances: {
    slug: string
    environment: string
    plans: (PlanHealthFacts & { slug: string })[]
    health: InstanceHealth
  }[]
  /** by id of the newest good backup */
  bytes: Map<string, number>
  workers: {
    instance: string
    slug: string
    lastSeenAt: Date | null
    clockSkewSeconds: number
    spoolFreeBytes: number
    spoolTotalBytes: number
  }[]
  /** queued and running, by kind of run */
  runs: { name: string; state: 'queued' | 'running'; count: number }[]
  connections: {
    slug: string
    usedBytes: number | null
    quotaBytes: number | null
    diesAt: Date | null
    isWell: boolean
  }[]
  openIncidents: { severity: Severity; kind: string }[]
  channels: { name: string; waiting: number; isFailing: boolean }[]
}

const endedStates: RunState[] = ['succeeded', 'warning', 'failed', 'cancelled', 'lost']
const healthValues = { protected: 3, paused: 2, 'at risk': 1, unprotected: 0 }

export function gaugesOf(facts: MetricFacts): GaugeFamily[] {
  return [...systemGauges(facts), ...planGauges(facts), ...workerGauges(facts), ...otherGauges(facts)]
}

const seconds = (at: Date) => at.getTime() / 1000
const flag = (is: boolean) => (is ? 1 : 0)
const at = (time: Date | null) => (time ? [{ value: seconds(time) }] : [])

function systemGauges(facts: MetricFacts): GaugeFamily[] {
  return [
    family('build_info', 'Version of the dashboard.', [{ labels: { version: facts.version }, value: 1 }]),
    family('control_up', 'Whether the control process lives.', [{ value: flag(facts.isControlAlive) }]),
    family('control_last_seen_timestamp_seconds', 'When control last said that it lives.', at(facts.controlSeenAt)),
    family('watch_timestamp_seconds', 'When control last looked for what is wrong.', at(facts.watchedAt)),
    family('redis_up', 'Whether Redis answers control.', [{ value: flag(!facts.isRedisAway) }]),
    ...[
      family(
        'runs',
        'Runs that wait or go on.',
        facts.runs.map(({ name, state, count }) => ({ labels: { run: name, state }, value: count })),
      ),
      family(
        'incidents_open',
        'Open incidents.',
        severities.map((severity) => ({
          labels: { severity },
          value: facts.openIncidents.filter((incident) => incident.severity === severity).length,
        })),
      ),
    ],
  ]
}

function planGauges({ instances, bytes, now }: MetricFacts): GaugeFamily[] {
  const plans = instances.flatMap(({ slug: instance, environment, plans: members, health }) =>
    members.map((plan) => ({
      plan,
      labels: { instance, environment, plan: plan.slug },
      health: health.plans.get(plan.id),
    })),
  )
  const ofGood = (read: (good: NonNullable<PlanHealthFacts['newestGood']>) => number | null) =>
    plans.flatMap(({ plan: { newestGood }, labels }) => {
      const value = newestGood && read(newestGood)
      return value === null ? [] : [{ labels, value }]
    })
  return [
    family(
      'plan_last_good_timestamp_seconds',
      'When the newest good backup that is still on a remote ended.',
      ofGood(({ finishedAt }) => seconds(finishedAt)),
    ),
    family(
      'plan_last_good_age_seconds',
      'How long ago that was.',
      ofGood(({ finishedAt }) => Math.max(0, seconds(now) - seconds(finishedAt))),
    ),
    family(
      'plan_last_good_duration_seconds',
      'How long it took.',
      ofGood(({ startedAt, finishedAt }) => (startedAt ? Math.max(0, seconds(finishedAt) - seconds(startedAt)) : null)),
    ),
    family(
      'plan_last_good_size_bytes',
      'What it takes on a remote.',
      ofGood(({ id }) => bytes.get(id) ?? null),
    ),
    family(
      'plan_last_run_state',
      'How the newest run that is over ended: 1 for that state.',
      plans.flatMap(({ plan: { newestEnded }, labels }) =>
        newestEnded
          ? endedStates.map((state) => ({ labels: { ...labels, state }, value: flag(newestEnded.state === state) }))
          : [],
      ),
    ),
    family(
      'plan_overdue',
      'Whether a good backup is missing that was due.',
      plans.map(({ labels, health }) => ({ labels, value: flag(Boolean(health?.overdueSince)) })),
    ),
    family(
      'plan_paused',
      'Whether the plan is paused.',
      plans.map(({ labels, plan }) => ({ labels, value: flag(plan.paused) })),
    ),
    family(
      'plan_health',
      'How well it is protected: 3 protected, 2 paused, 1 at risk, 0 unprotected.',
      plans.map(({ labels, health }) => ({ labels, value: healthValues[health?.state ?? 'unprotected'] })),
    ),
    family(
      'plan_next_run_timestamp_seconds',
      'When its next run begins.',
      plans.flatMap(({ labels, health }) => (health?.nextRunAt ? [{ labels, value: seconds(health.nextRunAt) }] : [])),
    ),
  ]
}

function workerGauges({ workers }: MetricFacts): GaugeFamily[] {
  const of = (read: (worker: MetricFacts['workers'][number]) => number | null) =>
    workers.flatMap((worker) => {
      const value = read(worker)
      return value === null ? [] : [{ labels: { instance: worker.instance, worker: worker.slug }, value }]
    })
  return [
    family(
      'worker_last_seen_timestamp_seconds',
      'When the worker was last heard of.',
      of(({ lastSeenAt }) => (lastSeenAt ? seconds(lastSeenAt) : null)),
    ),
    family(
      'worker_clock_skew_seconds',
      'Its clock minus ours.',
      of(({ clockSkewSeconds }) => clockSkewSeconds),
    ),
    family(
      'worker_spool_free_bytes',
      'Free on the disk of its spool.',
      of(({ spoolFreeBytes }) => spoolFreeBytes),
    ),
    family(
      'worker_spool_size_bytes',
      'Size of that disk.',
      of(({ spoolTotalBytes }) => spoolTotalBytes || null),
    ),
  ]
}

function otherGauges({ connections, channels }: MetricFacts): GaugeFamily[] {
  const of = (read: (connection: MetricFacts['connections'][number]) => number | null) =>
    connections.flatMap((connection) => {
      const value = read(connection)
      return value === null ? [] : [{ labels: { connection: connection.slug }, value }]
    })
  return [
    family(
      'connection_up',
      'Whether its sign-in holds.',
      of(({ isWell }) => flag(isWell)),
    ),
    family(
      'connection_used_bytes',
      'Used in its account.',
      of(({ usedBytes }) => usedBytes),
    ),
    family(
      'connection_quota_bytes',
      'Room in its account.',
      of(({ quotaBytes }) => quotaBytes),
    ),
    family(
      'connection_expiry_timestamp_seconds',
      'When its sign-in dies unused.',
      of(({ diesAt }) => (diesAt ? seconds(diesAt) : null)),
    ),
    family(
      'channel_failing',
      'Whether alerts do not get through it.',
      channels.map(({ name, isFailing }) => ({ labels: { channel: name }, value: flag(isFailing) })),
    ),
    family(
      'deliveries_waiting',
      'Messages that wait to be sent.',
      channels.map(({ name, waiting }) => ({ labels: { channel: name }, value: waiting })),
    ),
  ]
}

function family(name: string, help: string, samples: GaugeFamily['samples']): GaugeFamily {
  return { name: `talekeeper_${name}`, help, samples }
}
