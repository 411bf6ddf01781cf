import { expect, test } from 'vitest'
import {
  byEnvironmentAndUrgency,
  type HealthState,
  type InstanceHealthFacts,
  judgeInstance,
  type PlanHealthFacts,
  type RunState,
} from './judge'

/** Promise: the dashboard never says "protected" of an instance that is not, says why, and does not cry wolf. */

const now = new Date('2026-11-23T12:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

const newestGood: PlanHealthFacts['newestGood'] = {
  id: 'b1',
  plannedAt: hoursAgo(6),
  startedAt: hoursAgo(6),
  finishedAt: hoursAgo(5),
  withWarnings: false,
  verification: 'uploaded',
  shortFiles: 0,
}
const ended = { id: 'b1', state: 'succeeded', finishedAt: hoursAgo(5), problem: null } as const
const plan: PlanHealthFacts = {
  id: 'p1',
  name: 'nightly',
  paused: false,
  cron: '0 6 * * *',
  spreadMinutes: 0,
  blackouts: [],
  timeZone: 'UTC',
  scheduledFrom: hoursAgo(1000),
  graceSeconds: 3600,
  durationLimitSeconds: 12 * 3600,
  heldReason: null,
  remote: { id: 'r1', name: 'Box' },
  lostConnection: null,
  newestGood,
  newestEnded: ended,
  underWay: null,
  copies: [],
  missingBackups: 0,
  wasDrilled: true,
}
const worker = { slug: 'nfs', state: 'active', lastSeenAt: hoursAgo(0), sourceCount: 2 } as const
const instance: InstanceHealthFacts = {
  slug: 'wt-prod',
  name: 'Production',
  environment: 'production',
  workers: [worker],
  sourceCount: 2,
  plans: [plan],
  remoteTroubles: [],
  failedLooks: [],
}
const withPlan = (changes: Partial<PlanHealthFacts>): Partial<InstanceHealthFacts> => ({
  plans: [{ ...plan, ...changes }],
})
const latest = (state: RunState, code = 'tar-failed', text = 'disk full') =>
  withPlan({ newestEnded: { id: 'b2', state, finishedAt: hoursAgo(1), problem: { code, text } } })
const stale = { ...newestGood, plannedAt: hoursAgo(30), startedAt: hoursAgo(30), finishedAt: hoursAgo(29) }
const trouble = (hours: number) => ({
  remote: { id: 'r1', name: 'Box' },
  problem: { code: 'remote-unreachable', text: 'no answer' },
  at: hoursAgo(hours),
})
const underWay = { id: 'b3', state: 'running', plannedAt: hoursAgo(6), startedAt: hoursAgo(6) } as const

test.each<[string, Partial<InstanceHealthFacts>, HealthState, RegExp | null]>([
  ['all is well', {}, 'protected', null],
  [
    'its connection must be made anew',
    withPlan({ lostConnection: { id: 'c1', name: 'Box of Ada' } }),
    'at risk',
    /connection “Box of Ada”.*no backup reaches/,
  ],
  [
    'ordinary warnings of a live tree protect as well',
    withPlan({ newestGood: { ...newestGood, withWarnings: true } }),
    'protected',
    null,
  ],
  ['overdue', withPlan({ newestGood: stale }), 'at risk', /overdue since 23 Nov 06:00 UTC/],
  ['the run that is due goes on', withPlan({ newestGood: stale, underWay }), 'protected', null],
  [
    'a catch-up says that it runs',
    withPlan({ newestGood: stale, underWay: { ...underWay, startedAt: hoursAgo(1) } }),
    'at risk',
    /overdue.* A run is under way/,
  ],
  ['shrink guard', withPlan({ heldReason: 'documents halved' }), 'at risk', /shrink guard .*: documents halved/],
  ['short content', withPlan({ newestGood: { ...newestGood, shortFiles: 3 } }), 'at risk', /3 files shrank/],
  ['a backup that the remote lost', withPlan({ missingBackups: 1 }), 'at risk', /missing on the remote/],
  ['failed', latest('failed'), 'at risk', /failed: disk full/],
  [
    'failed because of the remote',
    latest('failed', 'remote-unreachable', 'no answer'),
    'at risk',
    /remote “Box” failed .*: no answer/,
  ],
  [
    'a deletion failed because of the remote',
    { remoteTroubles: [trouble(1)] },
    'at risk',
    /remote “Box” failed: no answer/,
  ],
  ['… and the remote took a backup since', { remoteTroubles: [trouble(8)] }, 'protected', null],
  [
    'a look failed for a lasting reason',
    { failedLooks: [{ ...trouble(1), problem: { code: 'marker-missing', text: 'whose is it?' } }] },
    'at risk',
    /Looking at its backups on the remote “Box” failed: whose is it/,
  ],
  ['lost', latest('lost'), 'at risk', /lost/],
  ['cancelled by a person', latest('cancelled'), 'protected', /cancelled/],
  ['silent worker', { workers: [{ ...worker, lastSeenAt: hoursAgo(1) }] }, 'at risk', /silent/],
  ['a revoked worker that nobody replaced', { workers: [{ ...worker, state: 'revoked' }] }, 'at risk', /is revoked/],
  [
    'a revoked worker whose sources another took over',
    { workers: [{ ...worker, state: 'revoked', sourceCount: 0 }, worker] },
    'protected',
    null,
  ],
  [
    'a further worker waits to be confirmed',
    { workers: [worker, { ...worker, state: 'pending', sourceCount: 0 }] },
    'protected',
    /fingerprint/,
  ],
  ['paused', withPlan({ paused: true, newestGood: stale }), 'paused', /paused/],
  [
    'paused without any good backup',
    withPlan({ paused: true, newestGood: null, newestEnded: null }),
    'unprotected',
    /paused/,
  ],
  ['one of two is paused', { plans: [plan, { ...plan, id: 'p2', paused: true }] }, 'protected', /paused/],
  ['no worker', { workers: [], plans: [] }, 'unprotected', /no worker/],
  ['only a revoked worker', { workers: [{ ...worker, state: 'revoked' }], plans: [] }, 'unprotected', /no worker/],
  ['no source', { sourceCount: 0, plans: [] }, 'unprotected', /no source/],
  ['no plan', { plans: [] }, 'unprotected', /no plan/],
  [
    'first run not due yet',
    withPlan({ scheduledFrom: hoursAgo(1), newestGood: null, newestEnded: null }),
    'unprotected',
    /no good backup yet/,
  ],
  ['no run was ever made', withPlan({ newestGood: null, newestEnded: null }), 'unprotected', /overdue/],
  [
    'pruned or missing on the remote',
    withPlan({ scheduledFrom: hoursAgo(1), newestGood: null }),
    'unprotected',
    /on a remote any more/,
  ],
  [
    'one good plan never hides another',
    { plans: [plan, { ...plan, id: 'p2', newestGood: null, newestEnded: null }] },
    'at risk',
    /overdue/,
  ],
])('%s', (_name, changes, state, text) => {
  const judged = judgeInstance({ ...instance, ...changes }, hoursAgo(100), now)
  expect(judged.state).toBe(state)
  if (text) expect(judged.findings[0]?.text).toMatch(text)
  else expect(judged.findings).toEqual([])
})

test('what a worker did not say while the dashboard was down is not its silence', () => {
  const silent = { ...instance, workers: [{ ...worker, lastSeenAt: hoursAgo(10) }] }
  expect(judgeInstance(silent, hoursAgo(0.01), now).state).toBe('protected')
  expect(judgeInstance(silent, hoursAgo(1), now).state).toBe('at risk')
})

test('the oldest of the last good backups is shown, and the earliest next run with its zone', () => {
  const other = { ...plan, id: 'p2', cron: '0 7 * * *', timeZone: 'America/Chicago', newestGood: stale }
  const judged = judgeInstance({ ...instance, plans: [plan, other] }, hoursAgo(100), now)
  expect(judged.newestGood?.finishedAt).toEqual(hoursAgo(29))
  expect(judged.next).toEqual({ at: new Date('2026-11-23T13:00:00Z'), timeZone: 'America/Chicago' })
})

test('never drilled is a hint of its own: it takes no protection away', () => {
  const judged = judgeInstance({ ...instance, ...withPlan({ wasDrilled: false }) }, hoursAgo(100), now)
  expect([judged.state, judged.isNeverDrilled]).toEqual(['protected', true])
  expect(judgeInstance({ ...instance, plans: [] }, hoursAgo(100), now).isNeverDrilled).toBe(false)
})

test('production first, and within an environment worst first, then by name', () => {
  const of = (environment: 'production' | 'testing', state: HealthState, name = 'a') => ({ environment, state, name })
  const sorted = [
    of('production', 'protected', 'b'),
    of('production', 'protected', 'a'),
    of('testing', 'unprotected'),
    of('production', 'at risk'),
  ].sort(byEnvironmentAndUrgency)
  expect(sorted.map(({ environment, state, name }) => `${environment} ${state} ${name}`)).toEqual([
    'production at risk a',
    'production protected a',
    'production protected b',
    'testing unprotected a',
  ])
})
