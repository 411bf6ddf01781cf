import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getReadiness } from '@/core/processes/get-readiness'
import { openTestDatabase } from '@/scripts/test-database'
import { createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { mayReadMetrics } from './may-read-metrics'
import { readMetrics } from './read-metrics'

/** Promise: what Prometheus reads is what is so, by its conventions; the rules and the board ask for nothing that is not there. */

process.env.METRICS_TOKEN = 'a token of sixteen letters'
const now = new Date('2026-11-23T18:00:00Z')
let database: Awaited<ReturnType<typeof openTestDatabase>>
let text = ''
beforeAll(async () => {
  database = await openTestDatabase()
  const { db } = database
  const { instance, plan, worker, remote } = await createScene(db)
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  const finishedAt = new Date(now.getTime() - 90 * 60_000)
  const startedAt = new Date(now.getTime() - 100 * 60_000)
  await createGoodBackup(db, facts, { startedAt, finishedAt, bytes: 12_345 })
  await db.instance.update({ where: { id: instance.id }, data: { slug: 'wt-prod' } })
  await db.plan.update({ where: { id: plan.id }, data: { slug: 'nightly' } })
  const life = { upSince: startedAt, lastSeenAt: now }
  for (const name of ['web', 'control', 'watch']) await db.processLife.create({ data: { name, ...life } })
  text = (await readMetrics(now)).text
})
afterAll(() => database.close())

it('tells age, duration, size and state of the newest good backup', () => {
  const labels = '{instance="wt-prod",environment="testing",plan="nightly"}'
  for (const line of [
    `talekeeper_plan_last_good_timestamp_seconds${labels} ${now.getTime() / 1000 - 5400}`,
    `talekeeper_plan_last_good_age_seconds${labels} 5400`,
    `talekeeper_plan_last_good_duration_seconds${labels} 600`,
    `talekeeper_plan_last_good_size_bytes${labels} 12345`,
    `talekeeper_plan_overdue${labels} 0`,
    'talekeeper_control_up 1',
    'talekeeper_redis_up 1',
    'talekeeper_incidents_open{severity="critical"} 0',
  ])
    expect(text.split('\n')).toContain(line)
})

it('is for the holder of the token alone', () => {
  expect(mayReadMetrics('Bearer a token of sixteen letters')).toBe('yes')
  for (const shown of [null, '', 'Bearer', 'Bearer wrong', 'Basic a token of sixteen letters'])
    expect(mayReadMetrics(shown)).toBe('no')
})

it('is ready while control lives, reaches Redis and watches', async () => {
  expect(await getReadiness(now)).toEqual({ database: true, control: true, redis: true, watch: true })
  const later = new Date(now.getTime() + 10 * 60_000)
  expect(await getReadiness(later)).toEqual({ database: true, control: false, redis: false, watch: false })
})

const folder = 'deploy/monitoring'
const names = () => new Set([...text.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name]) => name))

it.each(['talekeeper.rules.yml', 'grafana-dashboard.json'])('%s asks for what is there', (file) => {
  const asked = [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/\btalekeeper_\w+/g)].map(([name]) => name)
  expect(asked.length).toBeGreaterThan(10)
  for (const name of asked) expect(names()).toContain(name)
})

const promtool = process.env.PROMTOOL ?? 'promtool'
const hasPromtool = (() => {
  try {
    execFileSync(promtool, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write(
      '\nSKIPPED: metrics and alert rules are not checked by promtool, which this host has not. Install Debian’s prometheus, or name it in PROMTOOL.\n',
    )
    return false
  }
})()

describe.skipIf(!hasPromtool)('Prometheus’s own tool', () => {
  it('finds nothing wrong with the metrics', () => {
    execFileSync(promtool, ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] })
  })
  it('loads the rules, and they fire and fall silent as they should', () => {
    execFileSync(promtool, ['check', 'rules', 'talekeeper.rules.yml'], { cwd: folder, stdio: 'pipe' })
    execFileSync(promtool, ['test', 'rules', 'talekeeper.rules.test.yml'], { cwd: folder, stdio: 'pipe' })
  })
})
