import { describe, expect, it } from 'vitest'
import type { WatchedConnection } from './connection-conditions'
import { deriveConditions, subjectStateOf, type WatchFacts } from './derive-conditions'
import type { WatchedMigration } from './migration-conditions'
import type { WatchedPlan } from './plan-conditions'
import type { WatchedRefresh } from './refresh-conditions'
import type { WatchedRestore } from './restore-conditions'
import type { WatchedWorker } from './worker-conditions'

/** Promise: what an administrator should hear of is derived from facts alone; what is well makes no incident. */

const now = new Date('2026-11-23T18:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const problem = (code: string, text = 'It said no.') => ({ code, text, action: 'Do this.' })

const plan: WatchedPlan = {
  ...{ id: 'p1', name: 'nightly', paused: false, cron: '0 2 * * *', timeZone: 'UTC', spreadMinutes: 0, blackouts: [] },
  ...{ scheduledFrom: ago(900), graceSeconds: 3600, durationLimitSeconds: 43_200, createdAt: ago(900) },
  ...{
    heldReason: null,
    heldAt: null,
    remote: { id: 'r1', name: 'Box' },
    copies: [],
    missingBackups: 0,
    wasDrilled: true,
  },
  lostConnection: null,
  newestGood: {
    ...{ id: 'b1', plannedAt: ago(16), startedAt: ago(16), finishedAt: ago(15), withWarnings: false },
    ...{ verification: 'readBack' as const, shortFiles: 0 },
  },
  newestEnded: { id: 'b1', state: 'succeeded', finishedAt: ago(15), problem: null },
  ...{ underWay: null, readBackEveryDays: 7, lastReadAt: ago(20) },
  ...{ drillEveryDays: null, lastDrillAt: null, warningCounts: [], heldDeletions: [] },
}
const worker: WatchedWorker = {
  ...{ id: 'w1', slug: 'fileserver', state: 'active', instance: { id: 'i1', slug: 'wt-prod', name: 'Production' } },
  ...{ planCount: 1, lastSeenAt: ago(0.001), clockSkewSeconds: 0, version: '0.1.0', protocol: '1.1' },
  ...{ clockSkewSince: null, refusedAt: null, refusedProtocol: null },
  ...{ spoolFreeBytes: 50 * 1024 ** 3, spoolTotalBytes: 100 * 1024 ** 3 },
}
const restore: WatchedRestore = {
  ...{
    id: 's1',
    instance: { id: 'i1', name: 'Production' },
    state: 'succeeded',
    backupAt: ago(40),
    requestedAt: ago(3),
  },
  ...{ finishedAt: ago(2), problem: null, isLeft: false, isNewest: true, kept: null, isOfRefresh: false },
}
const connection: WatchedConnection = {
  ...{ id: 'c1', name: 'Box of WT', state: 'connected', problem: null, diesAt: ago(-24 * 60), instanceIds: ['i1'] },
  quota: { usedBytes: 5, totalBytes: 10 },
  roomSamples: [],
}

type Parts = {
  plans: WatchedPlan[]
  worker: Partial<WatchedWorker>
  restore: Partial<WatchedRestore>
  connection: Partial<WatchedConnection>
  facts: Partial<WatchFacts>
}

function factsOf(parts: Partial<Parts>): WatchFacts {
  return {
    instances: [{ id: 'i1', slug: 'wt-prod', name: 'Production', plans: parts.plans ?? [plan] }],
    workers: [{ ...worker, ...parts.worker }],
    remoteFaults: [],
    connections: [{ ...connection, ...parts.connection }],
    restores: [{ ...restore, ...parts.restore }],
    migrations: [],
    refreshes: [],
    pings: [],
    system: { redisAwaySince: null, webSeenAt: ago(0.001), channels: [] },
    hearingSince: ago(500),
    remoteIds: ['r1'],
    ...parts.facts,
  }
}

const found = (parts: Partial<Parts>) =>
  deriveConditions(factsOf(parts), now).map(({ kind, severity }) => `${kind} ${severity}`)
const ended = (state: 'failed' | 'lost', code = 'mongodb-refused') => ({
  newestEnded: { id: 'b2', state, finishedAt: ago(1), problem: problem(code) },
})
const system = (part: Partial<WatchFacts['system']>) => ({ facts: { system: { ...factsOf({}).system, ...part } } })
const warned = (warningCounts: number[], paused = false) => ({ plans: [{ ...plan, warningCounts, paused }] })
const copied = (part: { behindSince: Date | null }, paused = false) => {
  const copy = { remote: { id: 'r2', name: 'NAS' }, copiedAt: null, problem: problem('x'), isUnderWay: false, ...part }
  return { plans: [{ ...plan, copies: [copy], paused }] }
}
const heldBy = (reason: 'clocks' | 'workerAway' | 'doubted', hours: number) => ({
  ...{ reason, since: ago(hours), workers: reason === 'doubted' ? [] : ['fileserver'], count: 3 },
})
const kept = (
  state: 'swapped' | 'undone',
  hours: number,
  end: { dropAt?: Date; isEnding?: boolean } = {},
): Partial<Parts> => ({
  restore: { kept: { ...{ state, at: ago(hours), bytes: 1024 ** 3, dropAt: null, isEnding: false }, ...end } },
})
const migration = (against: WatchedMigration['problem']) => ({
  ...{ id: 'm1', instance: { id: 'i1', name: 'Production' }, workerSlug: 'fileserver', problem: against },
})
const refresh = (part: Partial<WatchedRefresh>): Partial<Parts> => ({
  facts: {
    refreshes: [
      {
        ...{ id: 'f1', instance: { id: 'i2', name: 'Testing' }, paused: false, isAtWork: false, problem: null },
        ...{ dueAt: null, ...part },
      },
    ],
  },
})
const ping = (hours: number) => ({
  ...{ id: 'g1', place: 'hc-ping.com', failingSince: ago(hours), answer: '500' },
  plan: { id: 'p1', name: 'nightly', instanceId: 'i1', instanceName: 'Production' },
})
/** One a day for two weeks, in an account that is full after so many days more. */
const growing = (days: number) =>
  Array.from({ length: 14 }, (_, index) => ({
    ...{ at: ago(24 * (13 - index)), usedBytes: 1000 + index * 10, quotaBytes: 1130 + days * 10 },
  }))
const good = (hours: number) => plan.newestGood && { ...plan.newestGood, plannedAt: ago(hours), startedAt: ago(hours) }

it('finds nothing where all is well', () => {
  expect(found({})).toEqual([])
})

describe('each fault by itself', () => {
  const table: [string, Partial<Parts>, string[]][] = [
    ['failed', { plans: [{ ...plan, ...ended('failed') }] }, ['backup-failed critical']],
    ['failed, but paused', { plans: [{ ...plan, ...ended('failed'), paused: true }] }, []],
    ['lost', { plans: [{ ...plan, ...ended('lost') }] }, ['backup-lost critical']],
    ['overdue', { plans: [{ ...plan, newestGood: good(40) }] }, ['backup-overdue critical']],
    ['overdue, but paused', { plans: [{ ...plan, newestGood: good(40), paused: true }] }, []],
    ['held', { plans: [{ ...plan, heldReason: 'Half is gone.', heldAt: ago(1) }] }, ['retention-held warning']],
    ['drift', { plans: [{ ...plan, missingBackups: 2 }] }, ['copy-missing warning']],
    ['read back long ago', { plans: [{ ...plan, lastReadAt: ago(24 * 10) }] }, ['verification-old warning']],
    ['never to be read back', { plans: [{ ...plan, readBackEveryDays: null, lastReadAt: null }] }, []],
    ['drill asked for, done', { plans: [{ ...plan, drillEveryDays: 30, lastDrillAt: ago(24 * 29) }] }, []],
    ['drill old', { plans: [{ ...plan, drillEveryDays: 30, lastDrillAt: ago(24 * 31) }] }, ['drill-old warning']],
    ['never drilled, asked for', { plans: [{ ...plan, drillEveryDays: 30 }] }, ['drill-old warning']],
    ['never drilled, not yet due', { plans: [{ ...plan, drillEveryDays: 90 }] }, []],
    ['drill old, but paused', { plans: [{ ...plan, drillEveryDays: 30, paused: true }] }, []],
    ['warnings, the first backups', warned([500, 1, 1, 1, 1]), []],
    ['warnings as ever', warned([12, 3, 2, 4, 1, 3]), []],
    ['warnings where there were none', warned([11, 0, 0, 0, 0, 0]), ['warnings-unusual warning']],
    ['few warnings where there were none', warned([10, 0, 0, 0, 0, 0]), []],
    ['warnings after one bad night', warned([40, 2, 900, 3, 1, 2]), ['warnings-unusual warning']],
    ['warnings that always vary', warned([300, 10, 250, 90, 170, 20, 210]), []],
    ['warnings twice the usual', warned([201, 100, 101, 99, 100, 102]), ['warnings-unusual warning']],
    ['warnings unusual, but paused', warned([99, 0, 0, 0, 0, 0], true), []],
    ['second copy late', copied({ behindSince: ago(30) }), ['copy-late warning']],
    ['second copy not late yet', copied({ behindSince: ago(24) }), []],
    ['second copy late, but paused', copied({ behindSince: ago(30) }, true), []],
    ['second copy complete', copied({ behindSince: null }), []],
    ['deletions held', { plans: [{ ...plan, heldDeletions: [heldBy('clocks', 90)] }] }, ['deletions-held warning']],
    ['remote', { plans: [{ ...plan, ...ended('failed', 'remote-denied') }] }, ['remote-trouble critical']],
    [
      'silent',
      { worker: { lastSeenAt: ago(1), spoolFreeBytes: 1, clockSkewSeconds: 900 } },
      ['worker-silent critical'],
    ],
    ['silent, needed by no plan', { worker: { lastSeenAt: ago(1), planCount: 0 } }, ['worker-silent warning']],
    ['silent, but we were deaf', { worker: { lastSeenAt: ago(1) }, facts: { hearingSince: ago(0.01) } }, []],
    ['silent, but we are deaf', { worker: { lastSeenAt: ago(1) }, facts: { hearingSince: null } }, []],
    ['revoked', { worker: { lastSeenAt: ago(1), state: 'revoked' } }, []],
    ['skew', { worker: { clockSkewSeconds: -400 } }, ['clock-skew warning']],
    ['spool low', { worker: { spoolFreeBytes: 4 * 1024 ** 3 } }, ['spool-low warning']],
    ['spool short', { worker: { spoolFreeBytes: 1024 ** 3 } }, ['spool-low critical']],
    ['small disk', { worker: { spoolFreeBytes: 4 * 1024 ** 3, spoolTotalBytes: 8 * 1024 ** 3 } }, []],
    [
      'refused, too new',
      { worker: { lastSeenAt: ago(1), refusedAt: ago(0.01), refusedProtocol: '9.9' } },
      ['worker-refused critical'],
    ],
    [
      'refused, needed by no plan',
      { worker: { planCount: 0, refusedAt: ago(0.01), refusedProtocol: '0.9' } },
      ['worker-refused warning'],
    ],
    [
      'refused, and gone since',
      { worker: { lastSeenAt: ago(2), refusedAt: ago(1), refusedProtocol: '9.9' } },
      ['worker-silent critical'],
    ],
    ['old protocol', { worker: { protocol: '1.0' } }, ['worker-outdated notice']],
    ['restore under way', { restore: { state: 'running', finishedAt: null } }, ['restore-running notice']],
    ['restore failed', { restore: { state: 'failed', problem: problem('x') } }, ['restore-failed warning']],
    ['restore failed, repeated since', { restore: { state: 'failed', isNewest: false } }, []],
    ['restored files', { restore: { finishedAt: ago(24 * 8), isLeft: true } }, ['restored-left notice']],
    ['restore undone', kept('undone', 24), ['restore-undone notice']],
    ['restore undone, a week ago', kept('undone', 24 * 8), ['restored-left notice']],
    ['restore in place', kept('swapped', 24 * 6), []],
    ['restore in place, a week ago', kept('swapped', 24 * 8), ['restored-left notice']],
    ['restore in place, a month ago', kept('swapped', 24 * 31), ['restored-left warning']],
    ['kept until a day to come', kept('swapped', 24 * 31, { dropAt: ago(-24) }), []],
    ['kept for longer than its day', kept('swapped', 24 * 31, { dropAt: ago(1) }), ['restored-left warning']],
    ['kept, and being dropped', kept('swapped', 24 * 31, { isEnding: true }), []],
    ['undone, kept until a day to come', kept('undone', 24, { dropAt: ago(-24) }), ['restore-undone notice']],
    [
      'a migration that cannot begin',
      { facts: { migrations: [migration(problem('forbidden'))] } },
      ['migration-failed warning'],
    ],
    ['a migration under way', { facts: { migrations: [migration(null)] } }, []],
    ['kept until a refresh drops it', { restore: { ...kept('swapped', 24 * 8).restore, isOfRefresh: true } }, []],
    ['a refresh that waits', refresh({}), []],
    ['a refresh due a moment ago', refresh({ dueAt: ago(0.2) }), []],
    ['a refresh whose last run is being dropped', refresh({ dueAt: ago(1), isAtWork: true }), []],
    ['a refresh that nobody began', refresh({ dueAt: ago(1) }), ['refresh-late warning']],
    ['a refresh that cannot begin', refresh({ dueAt: ago(0.01), problem: problem('x') }), ['refresh-late warning']],
    ['disconnected', { connection: { state: 'reconnectNeeded' } }, ['connection critical']],
    ['disconnected, unused', { connection: { state: 'reconnectNeeded', instanceIds: [] } }, []],
    ['dying', { connection: { diesAt: ago(-24 * 13) } }, ['connection warning']],
    ['dying soon', { connection: { diesAt: ago(-24 * 6) } }, ['connection critical']],
    ['nearly full', { connection: { quota: { usedBytes: 91, totalBytes: 100 } } }, ['quota-low warning']],
    ['full', { connection: { quota: { usedBytes: 101, totalBytes: 100 } } }, ['quota-low critical']],
    ['full within the month', { connection: { roomSamples: growing(20) } }, ['room-forecast warning']],
    ['full within the week', { connection: { roomSamples: growing(5) } }, ['room-forecast critical']],
    ['room for long', { connection: { roomSamples: growing(60) } }, []],
    [
      'full, whatever the forecast',
      { connection: { roomSamples: growing(5), quota: { usedBytes: 98, totalBytes: 100 } } },
      ['quota-low critical'],
    ],
    ['a ping not taken', { facts: { pings: [ping(1)] } }, ['ping-failing warning']],
    ['a ping not taken for a moment', { facts: { pings: [ping(0.2)] } }, []],
    ['Redis', system({ redisAwaySince: ago(0.1) }), ['redis-away critical']],
    ['Redis, a moment', system({ redisAwaySince: ago(0.001) }), []],
    ['web', system({ webSeenAt: ago(0.1) }), ['web-away critical']],
    [
      'a channel',
      system({ channels: [{ id: 'ch', name: 'Mail', failingSince: ago(1), answer: '535' }] }),
      ['channel-failing warning'],
    ],
  ]
  it.each(table)('%s', (_, parts, kinds) => {
    expect(found(parts)).toEqual(kinds)
  })
})

it('makes one incident of a remote that fails twenty plans, and names some of them', () => {
  const plans = Array.from({ length: 20 }, (_, index) => ({
    ...{ ...plan, id: `p${index}`, name: `plan ${index}`, ...ended('failed', 'remote-unreachable') },
  }))
  const conditions = deriveConditions(factsOf({ plans }), now)
  expect(conditions).toHaveLength(1)
  expect(conditions[0]).toMatchObject({ subject: 'remote:r1', instanceIds: ['i1'] })
  expect(conditions[0]?.text).toMatch(/“plan 0”.*and 15 more: It said no\./)
})

it('says of held deletions the oldest reason, since when and how many wait', () => {
  const heldDeletions = [heldBy('doubted', 80), heldBy('workerAway', 100)]
  const [condition] = deriveConditions(factsOf({ plans: [{ ...plan, heldDeletions }] }), now)
  expect(condition).toMatchObject({ subject: 'plan:p1', since: ago(100) })
  expect(condition?.text).toBe(
    '“fileserver”, which would delete them, is away, since 19 Nov 2026, 14:00 UTC. 3 backups wait to be deleted.',
  )
})

it('makes one incident of all late copies of a plan, since the first', () => {
  const copy = (name: string, hours: number) => ({
    ...{ remote: { id: name, name }, copiedAt: null, behindSince: ago(hours), problem: null, isUnderWay: false },
  })
  const conditions = deriveConditions(factsOf({ plans: [{ ...plan, copies: [copy('A', 30), copy('B', 60)] }] }), now)
  expect(conditions).toMatchObject([{ kind: 'copy-late', since: ago(60) }])
  expect(conditions[0]?.text).toContain('“B” and “A” lack good backups')
})

it('tells a worker that is too new from one that is too old', () => {
  const actionOf = (refusedProtocol: string) =>
    deriveConditions(factsOf({ worker: { refusedAt: ago(0.01), refusedProtocol } }), now)[0]?.action
  expect(actionOf('9.9')).toBe('Upgrade the dashboard: it always goes first.')
  expect(actionOf('0.9')).toBe('Upgrade Talekeeper on the host of the worker.')
})

it('takes a fault of a deletion as over when a good backup came there since', () => {
  const fault = (at: Date) => ({
    ...{ remote: { id: 'r1', name: 'Box' }, instanceId: 'i1', what: 'deleting', problem: problem('remote-denied'), at },
  })
  expect(found({ facts: { remoteFaults: [fault(ago(14))] } })).toEqual(['remote-trouble warning'])
  expect(found({ facts: { remoteFaults: [fault(ago(16))] } })).toEqual([])
})

it('knows how subjects stand', () => {
  const stateOf = (parts: Partial<Parts>, subject: string) => subjectStateOf(factsOf(parts), now)(subject)
  expect(stateOf({}, 'plan:p1')).toBe('there')
  expect(stateOf({ plans: [{ ...plan, paused: true }] }, 'plan:p1')).toBe('paused')
  expect(stateOf({ plans: [] }, 'plan:p1')).toBe('gone')
  expect(stateOf({}, 'worker:w1')).toBe('there')
  expect(stateOf({ worker: { lastSeenAt: ago(1) } }, 'worker:w1')).toBe('unknown')
  expect(stateOf({ facts: { hearingSince: null } }, 'worker:w1')).toBe('unknown')
  expect(stateOf({}, 'migration:m1')).toBe('gone')
  expect(stateOf({}, 'redis')).toBe('there')
})
