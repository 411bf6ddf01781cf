import { collectionFacts } from '@/engine/restore/in-place/collection-facts'
import { standingName } from '@/engine/restore/in-place/collection-names'
import { listNamespaces } from '@/engine/restore/in-place/database-place'
import type { DatabaseChoice } from '@/engine/restore/in-place/plan-collections'
import type { RestoreRun } from '@/engine/restore/restore-run'
import type { MongoServer } from '@/lib/mongo-driver'
import type { FixUps } from '@/protocol/fix-ups'
import { applyFixUps, type FixUpPlace } from './apply-fix-ups'

/**
 * Fixes up what waits to be put in place, after it was compared with the backup. The exchange then expects the collections as they
 * are afterwards. A crash leaves nothing half done: before the commit point all that waits is thrown away.
 */
export async function fixUpStaged(
  run: RestoreRun,
  fixUps: FixUps,
  staged: { server: MongoServer; choices: DatabaseChoice[]; tag: string },
): Promise<void> {
  const { server, choices, tag } = staged
  const choice = choices.find(({ database }) => database === fixUps.database)
  if (!choice) return sayNothingFixed(run, fixUps)
  const { signal } = run.scope
  const collections = new Map([...choice.collections.keys()].map((name) => [name, standingName(name, 'fresh', tag)]))
  const changed = await fixUp(run, fixUps, { server, database: choice.database, collections, signal })
  for (const name of changed)
    choice.collections.set(
      name,
      await collectionFacts(server, choice.database, standingName(name, 'fresh', tag), signal),
    )
}

/** Fixes up a database that was restored beside, under its other name. */
export async function fixUpBeside(
  run: RestoreRun,
  fixUps: FixUps,
  restored: { server: MongoServer; databasePrefix: string },
): Promise<void> {
  const { server, databasePrefix } = restored
  const database = databasePrefix + fixUps.database
  const found = [...(await listNamespaces(server, database)).values()].filter(({ type }) => type === 'collection')
  if (found.length === 0) return sayNothingFixed(run, fixUps)
  const collections = new Map(found.map(({ name }) => [name, name]))
  await fixUp(run, fixUps, { server, database, collections, signal: run.scope.signal })
}

async function fixUp(run: RestoreRun, fixUps: FixUps, place: FixUpPlace): Promise<string[]> {
  run.log('info', `Fix-ups: changing what was restored of ${fixUps.database} to fit this instance.`)
  const { results, changed } = await applyFixUps(fixUps, place)
  for (const { name, changed: count } of results) run.log('info', `Fix-ups: ${name}, ${count} documents.`)
  run.context.report({ type: 'fix-ups', results })
  return changed
}

function sayNothingFixed(run: RestoreRun, { database }: FixUps): void {
  run.warnings.add({
    code: 'fix-ups-not-applied',
    text: 'No fix-up was applied: the database that they are for is not part of this restore.',
    where: database,
  })
}
