import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Standing } from '@/protocol/worker-api'
import { LoopbackControl } from '@/worker/fileserver/loopback-control'
import { prepareStateFolder, stateFolderAt } from '@/worker/fileserver/state-folder'
import { checkmk } from './checkmk'
import { checkmkLines } from './checkmk-lines'
import { enroll } from './enroll'
import type { WorkerSettings } from './settings'

/** Promise: Checkmk sees how the backups stand, and goes critical by itself when nobody answers any more. */

const now = new Date('2026-11-23T18:00:00Z')
const minute = 60_000
const after = (minutes: number) => new Date(now.getTime() + minutes * minute)

/** As Checkmk's agent takes a line apart: status, service, metrics, text. */
function parsed(line: string) {
  const match = /^([0-3P]) ("[^"]+"|\S+) (\S+) (.+)$/.exec(line)
  if (!match) throw new Error(`no line of a local check: ${line}`)
  const [, status, service, metrics = '', text] = match
  const values = metrics === '-' ? [] : metrics.split('|').map((metric) => metric.split(/[=;]/))
  for (const [name, value] of values)
    if (!name || !Number.isFinite(Number(value))) throw new Error(`no metric: ${metrics}`)
  return {
    status: Number(status),
    service,
    text,
    values: Object.fromEntries(values.map(([name, value]) => [name, Number(value)])),
  }
}

const standing: Standing = {
  instance: { slug: 'wt-prod', name: 'Production' },
  plans: [
    {
      ...{ slug: 'nightly', state: 'protected', text: 'All is well.', overdueSince: null },
      overdueFrom: after(10 * 60).toISOString(),
      newestGood: { finishedAt: after(-120).toISOString(), seconds: 600, bytes: 12_345 },
    },
  ],
}

it('prints a line for the worker and one for each plan, with age, size and duration', () => {
  const lines = checkmkLines({ last: { standing, at: now }, fault: null, waitingReports: 0 }, now).map(parsed)
  expect(lines).toMatchObject([
    { status: 0, service: 'WT_Talekeeper_wt-prod', values: { silence: 0, reports: 0 } },
    { status: 0, service: 'WT_Backup_wt-prod_nightly', values: { age: 7200, size: 12_345, duration: 600 } },
  ])
})

it('keeps its levels with the silence, and makes one line of whatever stands in a text', () => {
  const plans = standing.plans.map((plan) => ({ ...plan, text: 'One.\n0 Forged - all well\r\n\u2028Two | three.' }))
  const contact = { last: { standing: { ...standing, plans }, at: now }, fault: 'refused\nhere', waitingReports: 1 }
  const lines = checkmkLines(contact, after(16))
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(line).not.toMatch(/[\r\n\u2028]/)
  expect(lines[0]).toContain(' silence=960;300;900|reports=1 ')
  expect(parsed(lines[0] ?? '').text).toMatch(/refused here, 1 reports wait$/)
  expect(parsed(lines[1] ?? '').text).toMatch(/One\. 0 Forged - all well Two \| three\.$/)
})

it.each<[Partial<Standing['plans'][number]>, number]>([
  [{ state: 'at risk', text: 'The latest backup failed.\nSee its log.' }, 2],
  [{ state: 'unprotected', newestGood: null }, 2],
  [{ state: 'paused' }, 1],
  [{ overdueSince: after(-10).toISOString() }, 2],
])('%j has status %i', (changes, status) => {
  const plans = standing.plans.map((plan) => ({ ...plan, ...changes }))
  const last = { standing: { ...standing, plans }, at: now }
  expect(parsed(checkmkLines({ last, fault: null, waitingReports: 0 }, now)[1] ?? '').status).toBe(status)
})

it.each([
  [4, 0, 0],
  [6, 1, 0],
  [16, 2, 0],
  [11 * 60, 2, 2],
])(
  'without an answer for %i minutes the worker has %i, and the plan, which becomes overdue meanwhile, %i',
  (minutes, own, plan) => {
    const lines = checkmkLines({ last: { standing, at: now }, fault: 'refused', waitingReports: 2 }, after(minutes))
    expect(lines.map((line) => parsed(line).status)).toEqual([own, plan])
  },
)

let folder: string
let control: LoopbackControl
let settings: WorkerSettings
let printed: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-checkmk-'))
  control = await new LoopbackControl().open()
  settings = {
    state: stateFolderAt(join(folder, 'state')),
    policyFile: join(folder, 'policy.json'),
    mongodbToolFolders: [],
  }
  mkdirSync(folder, { recursive: true })
  prepareStateFolder(settings.state)
  printed = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(...String(text).trim().split('\n'))
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await control.close()
  rmSync(folder, { recursive: true, force: true })
})

async function statuses(at: Date) {
  printed = []
  await checkmk(settings, at)
  return printed.map((line) => parsed(line).status)
}

it('asks the dashboard, keeps the answer, and goes on from it when the dashboard is gone', async () => {
  expect(await statuses(now)).toEqual([2])
  control.tokens.add('one-time-token-of-the-dashboard')
  writeFileSync(join(folder, 'token'), 'one-time-token-of-the-dashboard')
  const allowed = {
    allowSource: [],
    allowRestore: [],
    allowLocalRemote: [],
    allowMongodb: false,
    allowMongodbImage: [],
  }
  await enroll({ url: control.url, tokenFile: join(folder, 'token'), ...allowed, force: false }, settings)
  control.standing = standing
  expect(await statuses(now)).toEqual([0, 0])
  control.fault = () => 'unavailable'
  expect(await statuses(after(3))).toEqual([0, 0])
  expect(await statuses(after(20))).toEqual([2, 0])
  expect(await statuses(after(11 * 60))).toEqual([2, 2])
  control.fault = () => null
  expect(await statuses(after(11 * 60))).toEqual([0, 2])
})
