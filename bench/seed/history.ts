import type { Db, Environment } from '@/lib/db'
import { SeededRandom } from '@/scripts/sample/random'
import type { BackupRows } from './backup-rows'
import { keepDays, type NightlyPlan, nightOf } from './nights'
import { seedInstance, seedPlan, seedRemote } from './scene'
import { writeBackups } from './write-rows'

const dayMilliseconds = 86_400_000
/** of the night, in UTC */
const hour = 2
const environments: Environment[] = ['production', 'testing', 'development', 'testing', 'development']

/**
 * Years of nightly backups of many instances, the same on every machine but for the days' names: they end today.
 * Returns how many backups there are.
 */
export async function seedHistory(
  db: Db,
  { instances, days, now = new Date() }: { instances: number; days: number; now?: Date },
): Promise<number> {
  const random = new SeededRandom(20_261_125)
  const beginning = new Date(now.getTime() - days * dayMilliseconds)
  const plans = await seedPlans(db, random, instances, beginning, now)
  let [count, waiting]: [number, BackupRows[]] = [0, []]
  for (let age = days - 1; age >= 0; age--) {
    const isOutage = random.below(90) === 0
    for (const { minute, ...plan } of plans)
      waiting.push(nightOf(random, plan, { age, at: nightAt(now, age, minute), isOutage }))
    if (waiting.length < 1000 && age > 0) continue
    await writeBackups(db, waiting)
    count += waiting.length
    waiting = []
  }
  return count
}

async function seedPlans(db: Db, random: SeededRandom, count: number, createdAt: Date, now: Date) {
  const remoteId = await seedRemote(db, random, { slug: 'box', name: 'Box', baseFolder: '/srv/backups/WT', createdAt })
  const plans: (NightlyPlan & { minute: number })[] = []
  for (let number = 1; number <= count; number++) {
    const slug = `wt-${String(number).padStart(3, '0')}`
    const environment = environments[number % environments.length] ?? 'testing'
    const facts = { slug, name: `Whole Tale ${number}`, environment, hostName: `fs-${number}.example.org` }
    const instance = await seedInstance(db, random, facts, { remoteId, createdAt, now })
    const minute = random.below(60)
    const schedule = { cron: `${minute} ${hour} * * *`, timeZone: 'UTC' }
    const plan = await seedPlan(
      db,
      random,
      instance,
      { slug: 'nightly', name: 'Nightly', keepDays, ...schedule },
      createdAt,
    )
    const scale = 1 + random.below(12)
    const size = { documents: scale * 22_000, entries: scale * 9000, fileBytes: scale * 190_000_000 }
    plans.push({ instance, plan, minute, size })
  }
  return plans
}

/** The latest run of such a plan, or the one `age` nights before. */
function nightAt(now: Date, age: number, minute: number): Date {
  const latest = new Date(now)
  latest.setUTCHours(hour, minute, 0, 0)
  const isToCome = latest > now ? 1 : 0
  return new Date(latest.getTime() - (age + isToCome) * dayMilliseconds)
}
