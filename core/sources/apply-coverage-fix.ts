import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { CoverageFix } from './coverage-rules'
import { createSource } from './create-source'
import { findSource } from './find-source'
import { settingsSchemas } from './schema'

/**
 * Does what a finding of a discovery proposed; the answer says it in words. Throws Problem `source-not-found`, or
 * `fix-outdated` when the source changed meanwhile so that there is nothing to mend.
 */
export async function applyCoverageFix(actor: Actor, instanceSlug: string, fix: CoverageFix): Promise<string> {
  if (fix.kind === 'add-tree') return addTree(actor, instanceSlug, fix)
  return db().$transaction(async (transaction) => {
    const source = await findSource(instanceSlug, fix.source, transaction)
    const { settings, words } =
      fix.kind === 'add-database'
        ? withDatabase(source.settings, fix.database)
        : { settings: withGirderPath(source.settings, fix.path), words: `is what Girder calls ${fix.path}` }
    await transaction.source.update({ where: { id: source.id }, data: { settings } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'source.edit',
      subject: { kind: 'source', id: source.id },
      instanceId: source.instanceId,
      detail: { slug: source.slug, ...fix },
    })
    return `${source.slug} ${words}.`
  })
}

/** A container's mongodump takes one database or all: there it becomes all. */
function withDatabase(saved: unknown, database: string) {
  const settings = settingsSchemas.mongodb.safeParse(saved).data
  if (!settings?.databases || settings.databases.includes(database)) throw outdated()
  if (settings.reach !== 'direct')
    return { settings: { ...settings, databases: null }, words: 'dumps all databases now' }
  return { settings: { ...settings, databases: [...settings.databases, database] }, words: `dumps ${database} too` }
}

function withGirderPath(saved: unknown, girderPath: string) {
  const settings = settingsSchemas.tree.safeParse(saved).data
  if (!settings || settings.girderPath) throw outdated()
  return { ...settings, girderPath }
}

async function addTree(
  actor: Actor,
  instanceSlug: string,
  { source, path }: Extract<CoverageFix, { kind: 'add-tree' }>,
): Promise<string> {
  const { workerId, instanceId } = await findSource(instanceSlug, source)
  const slug = await freeSlug(db(), instanceId, path)
  const tree = { exclude: [], oneFileSystem: true, mustBeMount: false, mountPoint: undefined, girderPath: undefined }
  await createSource(actor, instanceSlug, { kind: 'tree', slug, workerId, path, ...tree })
  return `${slug} is added. No plan backs it up yet.`
}

/** The last name of the path as a slug, with a number where it is taken. */
async function freeSlug(transaction: Transaction, instanceId: string, path: string): Promise<string> {
  const name = path.toLowerCase().split('/').at(-1) ?? ''
  const plain =
    name
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30)
      .replace(/-+$/, '') || 'tree'
  const taken = await transaction.source.findMany({ where: { instanceId }, select: { slug: true } })
  for (let number = 1; ; number++) {
    const slug = number === 1 ? plain : `${plain}-${number}`
    if (!taken.some((source) => source.slug === slug)) return slug
  }
}

function outdated(): Problem {
  return new Problem({
    code: 'fix-outdated',
    text: 'The source was changed meanwhile.',
    action: 'Look again for what Girder keeps.',
  })
}
