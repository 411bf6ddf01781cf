import { accountOf } from '@/core/connections/account'
import type { Transaction } from '@/lib/db'
import { limitsSchema } from '@/protocol/remotes'

/** Compression cannot make a part larger by more than this; a part must fit with it. */
const grownBy = 1.01
const smallestPart = 1024 * 1024

/**
 * How many raw bytes a part of a plan may have: what the plan says, and no more than any of its remotes takes, by its own limit
 * or by what the provider tells of the account.
 */
export async function partBytesFor(transaction: Transaction, plan: { id: string; partBytes: bigint }): Promise<number> {
  const targets = await transaction.planTarget.findMany({
    where: { planId: plan.id },
    select: { remote: { select: { limits: true, connection: { select: { account: true } } } } },
  })
  const largest = targets.flatMap(({ remote }) => [
    remote.limits === null ? null : limitsSchema.parse(remote.limits).largestPartBytes,
    accountOf(remote.connection?.account ?? null)?.largestFileBytes ?? null,
  ])
  const bounds = largest.filter((bytes) => bytes !== null && bytes > 0).map((bytes) => Number(bytes) / grownBy)
  return Math.max(smallestPart, Math.floor(Math.min(Number(plan.partBytes), ...bounds)))
}
