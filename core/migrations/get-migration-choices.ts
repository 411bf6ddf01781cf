import { assertRestorable } from '@/core/restores/assert-restorable'
import { settingsSchemas } from '@/core/sources/schema'
import { db } from '@/lib/db'
import type { Environment } from '@/protocol/names'

type InstanceChoice = { id: string; slug: string; name: string; environment: Environment; hasFixUps: boolean }

export type MigrationChoices = {
  backup: { id: string; planName: string; at: Date; hasDatabases: boolean; instance: InstanceChoice }
  instances: InstanceChoice[]
  /** folders that the backup holds: what the new host's policy must allow */
  sourceRoots: string[]
  /** of remotes that are folders of the host */
  localRemoteRoots: string[]
}

/** What the form for a migration link offers. Throws Problem: that of assertRestorable. */
export async function getMigrationChoices(backupId: string): Promise<MigrationChoices> {
  await assertRestorable(db(), backupId)
  const backup = await db().backup.findUniqueOrThrow({
    where: { id: backupId },
    include: {
      artifacts: { select: { kind: true } },
      copies: { where: { presence: 'present' }, include: { remote: true } },
      plan: { include: { sources: { include: { source: true } } } },
    },
  })
  const rows = await db().instance.findMany({
    orderBy: { name: 'asc' },
    include: { fixUpProfile: { select: { id: true } } },
  })
  const instances = rows.map(({ id, slug, name, environment, fixUpProfile }) => ({
    ...{ id, slug, name, environment, hasFixUps: fixUpProfile !== null },
  }))
  const own = instances.find(({ id }) => id === backup.instanceId)
  if (!own) throw new Error(`the instance of the backup ${backupId} is gone`)
  const sources = backup.plan?.sources.map(({ source }) => source) ?? []
  const local = backup.copies.filter(({ remote }) => remote.backend === 'local')
  return {
    backup: {
      ...{ id: backup.id, planName: backup.plan?.name ?? backup.planSlug, instance: own },
      at: backup.startedAt ?? backup.requestedAt,
      hasDatabases: backup.artifacts.some(({ kind }) => kind === 'mongodb'),
    },
    instances,
    sourceRoots: sources.flatMap(({ kind, settings }) => (kind === 'tree' ? treePath(settings) : [])),
    localRemoteRoots: [...new Set(local.map(({ remote }) => remote.baseFolder))],
  }
}

function treePath(settings: unknown): string[] {
  const tree = settingsSchemas.tree.pick({ path: true }).safeParse(settings)
  return tree.success ? [tree.data.path] : []
}
