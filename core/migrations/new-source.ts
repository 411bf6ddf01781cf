import { randomUUID } from 'node:crypto'
import { sealConnection } from '@/core/sources/source-spec'
import { settingsSchemas } from '@/core/sources/schema'
import { type SealedPlace, unseal } from '@/lib/crypto'
import type { Migration, Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'

/** What the sealed connection of a migration is bound to. */
export function connectionPlace(migrationId: string): SealedPlace {
  return { table: 'Migration', row: migrationId, field: 'connection' }
}

/** Makes the connection that a link carries a MongoDB source of its worker. Runs in the caller's transaction. */
export async function makeSource(
  transaction: Transaction,
  { id, instanceId, connection }: Pick<Migration, 'id' | 'instanceId'> & { connection: string },
  workerId: string,
): Promise<void> {
  const sourceId = randomUUID()
  const plain = unseal(connection, connectionPlace(id), controlPlaneEnv().sealingKey)
  await transaction.source.create({
    data: {
      ...{ id: sourceId, instanceId, workerId, kind: 'mongodb' },
      slug: await freeSlug(transaction, instanceId),
      settings: settingsSchemas.mongodb.parse({
        ...{ reach: 'direct', databases: null, consistency: 'best', tools: 'auto' },
      }),
      secrets: sealConnection(sourceId, plain),
    },
  })
  await transaction.migration.update({ where: { id }, data: { connection: null, mongodbSourceId: sourceId } })
}

async function freeSlug(transaction: Transaction, instanceId: string): Promise<string> {
  const taken = await transaction.source.findMany({ where: { instanceId }, select: { slug: true } })
  for (let number = 1; ; number++) {
    const slug = number === 1 ? 'mongodb' : `mongodb-${number}`
    if (!taken.some((source) => source.slug === slug)) return slug
  }
}
