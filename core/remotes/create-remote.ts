import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, isUniqueViolation, Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertComplete } from './assert-complete'
import { deletesForEver, limitsOf, mergeKeeper, plainOptions, presentSecrets } from './input-options'
import { sealKeeper, withKeeper } from './keeper'
import { assembleRemote, sealSecrets } from './remote-spec'
import { requireConnection } from './require-connection'
import type { RemoteInput } from './schema'

/** Saves a new remote, its secrets sealed. Throws Problem `slug-taken`, `secret-missing`, `wrong-connection` or `invalid-remote`. */
export async function createRemote(actor: Actor, input: RemoteInput): Promise<{ id: string; slug: string }> {
  const id = randomUUID()
  const secrets = presentSecrets(input)
  assertComplete(input.backend, plainOptions(input), secrets)
  const row = {
    ...{ id, backend: input.backend, baseFolder: input.baseFolder, connectionId: input.connectionId ?? null },
    ...{ options: plainOptions(input), crypt: input.crypt?.settings ?? null, limits: limitsOf(input) },
    deletesForEver: deletesForEver(input),
  }
  assembleRemote(row, secrets)
  const keeper = mergeKeeper(null, input)
  withKeeper(row, secrets, keeper)
  try {
    return await db().$transaction(async (transaction) => {
      await requireConnection(transaction, input)
      const remote = await transaction.remote.create({
        data: {
          ...row,
          slug: input.slug,
          name: input.name,
          crypt: row.crypt ?? Prisma.DbNull,
          limits: row.limits ?? Prisma.DbNull,
          secrets: sealSecrets(id, secrets),
          keeper: sealKeeper(id, keeper),
        },
        select: { id: true, slug: true },
      })
      await recordAuditEvent(transaction, {
        actor,
        action: 'remote.create',
        subject: { kind: 'remote', id },
        detail: {
          ...{ slug: input.slug, backend: input.backend, baseFolder: input.baseFolder },
          encrypted: input.crypt !== undefined,
          keeper: keeper !== null,
          deletesForEver: row.deletesForEver,
        },
      })
      return remote
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'slug-taken',
      text: `There is already a remote “${input.slug}”.`,
      action: 'Choose another slug.',
      where: 'slug',
    })
  }
}
