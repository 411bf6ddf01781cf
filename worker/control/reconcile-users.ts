import { listActiveWorkers } from '@/core/workers/list-active-workers'
import { redisPrefixOf, redisUserOf, workerUserPrefix } from '@/core/workers/redis-place'
import type { UserAdmin } from '@/lib/queue'

/** What Redis was told since it became ready; null: nothing yet. */
export type AppliedUsers = Map<string, string>

/**
 * Makes Redis's users what the database says: one for each active worker, none for others. Returns what is applied now; a look
 * without a change costs one query. Throws QueueUnreachable.
 */
export async function reconcileUsers(admin: UserAdmin, applied: AppliedUsers | null): Promise<AppliedUsers> {
  const next: AppliedUsers = new Map()
  for (const worker of await listActiveWorkers()) {
    const user = { username: redisUserOf(worker), prefix: redisPrefixOf(worker) }
    const passwordSha256 = worker.redisPasswordSha256
    if (applied?.get(user.username) !== passwordSha256) await admin.apply({ ...user, passwordSha256 })
    next.set(user.username, passwordSha256)
  }
  const before = applied ? [...applied.keys()] : await admin.list()
  for (const username of before)
    if (username.startsWith(workerUserPrefix) && !next.has(username)) await admin.remove(username)
  return next
}
