import { expect, test } from 'vitest'
import {
  byUrgency,
  type InstanceOverviewFacts,
  judgeInstance,
  type PlanOverviewFacts,
  type RunState,
} from './overview-rules'

/** Promise: the overview never says "protected" of an instance that is not, and says why. */

const now = new Date('2026-11-23T12:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

const goodRun = {
  id: 'b1',
  state: 'succeeded',
  plannedAt: hoursAgo(6),
  requestedAt: hoursAgo(6),
  problemText: null,
} as const
const plan: PlanOverviewFacts = {
  id: 'p1',
  name: 'nightly',
  paused: false,
  heldReason: null,
  dueAt: hoursAgo(6),
  nextRunAt: hoursAgo(-18),
  newest: goodRun,
  lastGood: { id: 'b1', finishedAt: hoursAgo(5), withWarnings: false, verification: 'uploaded' },
}
const instance: InstanceOverviewFacts = {
  slug: 'wt-prod',
  name: 'Production',
  environment: 'production',
  workers: [{ slug: 'nfs', state: 'active', lastSeenAt: hoursAgo(0), sourceCount: 2 }],
  sourceCount: 2,
  plans: [plan],
}
const withPlan = (changes: Partial<PlanOverviewFacts>): Partial<InstanceOverviewFacts> => ({
  plans: [{ ...plan, ...changes }],
})
const newest = (state: RunState) => ({
  newest: { ...goodRun, state },
})

test.each<[string, Partial<InstanceOverviewFacts>, 'good' | 'warning' | 'bad', RegExp | null]>([
  ['all is well', {}, 'good', null],
  ['warnings protect as well', withPlan(newest('warning')), 'good', null],
  ['a run under way hides nothing', withPlan(newest('running')), 'good', null],
  ['no worker', { workers: [], plans: [] }, 'warning', /no worker/],
  [
    'only a revoked worker',
    { workers: [{ slug: 'nfs', state: 'revoked', lastSeenAt: null, sourceCount: 2 }], plans: [] },
    'warning',
    /no worker/,
  ],
  [
    'a revoked worker that nobody replaced',
    { workers: [{ slug: 'nfs', state: 'revoked', lastSeenAt: null, sourceCount: 2 }] },
    'bad',
    /is revoked/,
  ],
  [
    'a revoked worker whose sources another took over',
    {
      workers: [
        { slug: 'nfs', state: 'revoked', lastSeenAt: null, sourceCount: 0 },
        { slug: 'nfs', state: 'active', lastSeenAt: hoursAgo(0), sourceCount: 2 },
      ],
    },
    'good',
    null,
  ],
  ['no source', { sourceCount: 0, plans: [] }, 'warning', /no source/],
  ['no plan', { plans: [] }, 'warning', /no plan/],
  [
    'pending worker',
    { workers: [{ slug: 'nfs', state: 'pending', lastSeenAt: null, sourceCount: 2 }] },
    'warning',
    /fingerprint/,
  ],
  [
    'worker never seen',
    { workers: [{ slug: 'nfs', state: 'active', lastSeenAt: null, sourceCount: 2 }] },
    'warning',
    /never seen/,
  ],
  [
    'silent worker',
    { workers: [{ slug: 'nfs', state: 'active', lastSeenAt: hoursAgo(1), sourceCount: 2 }] },
    'bad',
    /silent/,
  ],
  ['paused', withPlan({ paused: true, nextRunAt: null }), 'warning', /paused/],
  [
    'failed',
    withPlan({ newest: { ...goodRun, state: 'failed', problemText: 'disk full' } }),
    'bad',
    /failed: disk full/,
  ],
  ['lost', withPlan(newest('lost')), 'bad', /lost/],
  ['cancelled', withPlan(newest('cancelled')), 'warning', /cancelled/],
  ['skipped', withPlan(newest('skipped')), 'warning', /skipped/],
  ['overdue: nothing began', withPlan({ newest: null, lastGood: null }), 'bad', /overdue/],
  ['overdue: the newest is an earlier one', withPlan({ dueAt: hoursAgo(1) }), 'bad', /overdue/],
  [
    'a manual run after the due time counts',
    withPlan({ dueAt: hoursAgo(1), newest: { ...goodRun, plannedAt: null, requestedAt: hoursAgo(0.5) } }),
    'good',
    null,
  ],
  ['first run not due yet', withPlan({ dueAt: null, newest: null, lastGood: null }), 'warning', /no good backup yet/],
  [
    'first run under way',
    withPlan({ dueAt: null, lastGood: null, ...newest('running') }),
    'warning',
    /no good backup yet/,
  ],
  ['pruned or missing on the remote', withPlan({ lastGood: null }), 'bad', /on a remote any more/],
  ['retention held', withPlan({ heldReason: 'documents halved' }), 'warning', /stands still: documents halved/],
])('%s', (_name, changes, level, text) => {
  const judged = judgeInstance({ ...instance, ...changes }, now)
  expect(judged.level).toBe(level)
  if (text) expect(judged.findings[0]?.text).toMatch(text)
  else expect(judged.findings).toEqual([])
})

test('one good plan never hides another without a backup', () => {
  const judged = judgeInstance({ ...instance, plans: [plan, { ...plan, id: 'p2', lastGood: null, newest: null }] }, now)
  expect(judged.level).toBe('bad')
  expect(judged.lastGood).toBeNull()
})

test('the oldest of the last good backups is shown, and the earliest next run', () => {
  const older: PlanOverviewFacts = {
    ...plan,
    id: 'p2',
    nextRunAt: hoursAgo(-1),
    lastGood: { id: 'b2', finishedAt: hoursAgo(30), withWarnings: false, verification: 'uploaded' },
  }
  const judged = judgeInstance({ ...instance, plans: [plan, older] }, now)
  expect(judged.lastGood?.finishedAt).toEqual(hoursAgo(30))
  expect(judged.nextRunAt).toEqual(hoursAgo(-1))
})

test('worst first, then production first', () => {
  const order = [
    judgeInstance({ ...instance, slug: 'good-testing', environment: 'testing' }, now),
    judgeInstance({ ...instance, slug: 'good-production' }, now),
    judgeInstance({ ...instance, slug: 'bad-testing', environment: 'testing', ...withPlan(newest('failed')) }, now),
    judgeInstance({ ...instance, slug: 'bad-production', ...withPlan(newest('failed')) }, now),
  ]
    .sort(byUrgency)
    .map(({ slug }) => slug)
  expect(order).toEqual(['bad-production', 'bad-testing', 'good-production', 'good-testing'])
})
