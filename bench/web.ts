import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startStack } from '@/scripts/stack'
import { describeMachine, load } from './machine'
import { place } from './place'
import { printRows, verdict, writeResult } from './report'
import { type DueResult, measureDuePlans } from './web/due-plans'
import { listPages } from './web/pages'
import { measurePage, type PageResult } from './web/measure-page'
import { openSession } from './web/session'
import { seedOnce } from './web/seed-once'

/** Overview and history answer so soon at the 95th percentile; the other pages are told without a goal. */
const goalMilliseconds = 200
const dueGoalSeconds = 5
const size = { instances: 50, days: 1095 }

/** `--only history` measures the pages whose name holds that word. */
const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '40' }, only: { type: 'string', default: '' } },
})
const say = (text: string) => console.log(`bench: ${text}`)
const folder = join(place.work, 'web')

const backups = await seedOnce(join(folder, 'data'), size, say)
const stack = await startStack(folder, {}, { withControl: false })
Object.assign(process.env, stack.environment)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stack.stop().finally(() => process.exit(1)))
try {
  say(`${backups.toLocaleString('en-GB')} backups of ${size.instances} instances; load ${load()}`)
  const loadAtStart = load()
  const cookie = await openSession(stack.environment)
  const pages: PageResult[] = []
  for (const page of (await listPages()).filter(({ name }) => name.includes(options.only)))
    pages.push(await measurePage(stack, cookie, page, Number(options.requests)))
  const due = await measureDuePlans(join(folder, 'due'), stack.redis.url)
  print(pages, due)
  const result = {
    at: new Date().toISOString(),
    machine: describeMachine(),
    loads: [loadAtStart, load()],
    backups,
    pages,
    due,
  }
  say(`written to ${writeResult(result, '-web')}`)
} finally {
  await stack.stop()
}
process.exit(0)

function print(pages: PageResult[], due: DueResult): void {
  const rows = pages.map(({ name, hasGoal, p50, p95, kibibytes }) => [
    name,
    p50.toFixed(0),
    p95.toFixed(0),
    String(kibibytes),
    hasGoal ? `<= ${goalMilliseconds} ${verdict(p95, goalMilliseconds)}` : '',
  ])
  printRows([['page', 'p50 ms', 'p95 ms', 'KiB', 'goal at p95'], ...rows])
  console.log(
    `${due.plans} plans due in the same minute, ${due.plansOfLargest} of them of one of ${due.instances} instances: all enqueued in ${due.seconds.toFixed(1)} s  <= ${dueGoalSeconds} ${verdict(due.seconds, dueGoalSeconds)}`,
  )
  console.log(
    `fair order: the first backup of each instance is among the first ${due.lastFirst} enqueued; by turn: ${due.turns.join(' ')}`,
  )
}
