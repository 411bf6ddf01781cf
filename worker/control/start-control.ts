import { markLostBackups } from '@/core/backups/mark-lost-backups'
import { keepConnectionsAlive } from '@/core/connections/keep-connections-alive'
import { replaceMarkedAccess } from '@/core/connections/replace-access-of'
import { sendDue } from '@/core/deliveries/send-due'
import { beginMigrations } from '@/core/migrations/begin-migrations'
import { sendPings } from '@/core/pings/send-pings'
import { beat, beatEverySeconds, beginLife } from '@/core/processes/beat'
import { markLostInspections } from '@/core/inspections/mark-lost-inspections'
import { markLostPrunes } from '@/core/prunes/mark-lost-prunes'
import { markLostReplications } from '@/core/replications/mark-lost-replications'
import { markLostRestores } from '@/core/restores/mark-lost-restores'
import { beginRefreshes } from '@/core/refreshes/begin-refreshes'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { log } from '@/lib/log'
import { openTick, openUserAdmin } from '@/lib/queue'
import { every } from './every'
import { type AppliedUsers, reconcileUsers } from './reconcile-users'
import { attempt, tick } from './tick'

export type ControlOptions = {
  redisUrl: string
  redisAdminUrl: string
  tickSeconds: number
  lookSeconds: number
}

/**
 * The background process beside the database. Redis drives the tick, so that several controls share it; the watch for what is
 * lost has a timer of its own, and ticks by itself where Redis does not: its death stops neither.
 */
export async function startControl(options: ControlOptions): Promise<{ stop: () => Promise<void> }> {
  await ensureSigningKey()
  await beginLife('control')
  let tickedAt = performance.now()
  // counts up when Redis may have forgotten its users: on every connection, and at every tick to be sure
  let forgotten = 0
  const tickNow = async () => {
    tickedAt = performance.now()
    forgotten++
    await tick()
  }

  const redisTick = openTick(options.redisUrl, options.tickSeconds, tickNow)
  let awaySince: Date | null = null
  const admin = openUserAdmin(options.redisAdminUrl, {
    onReady: () => {
      forgotten++
      awaySince = null
      log.info('Redis is there')
      void attempt('start the tick', redisTick.ensure)
    },
    onAway: ({ message }) => {
      // the text alone: the error of a refused log-in carries the password
      if (!awaySince) log.error({ reason: message }, 'ALERT: Redis does not answer; backups wait until it does')
      awaySince ??= new Date()
    },
  })
  let applied: { users: AppliedUsers; as: number } | null = null
  const applyUsers = async () => {
    const as = forgotten
    applied = { users: await reconcileUsers(admin, applied?.as === as ? applied.users : null), as }
  }

  const timers = [
    every(beatEverySeconds, () => attempt('beat', () => beat('control', { redisAwaySince: awaySince }))),
    every(options.lookSeconds, () => attempt('apply Redis users', applyUsers)),
    every(options.lookSeconds, () => attempt('send alerts', () => sendDue())),
    every(options.lookSeconds, () => attempt('begin migrations', () => beginMigrations())),
    every(options.lookSeconds, () => attempt('begin refreshes', () => beginRefreshes())),
    every(beatEverySeconds, () => attempt('send pings', () => sendPings())),
    every(options.lookSeconds, () => attempt('replace marked access tokens', replaceMarkedAccess)),
    every(options.tickSeconds, () => attempt('keep connections alive', keepConnectionsAlive)),
    every(beatEverySeconds, async () => {
      await attempt('mark lost backups', markLostBackups)
      await attempt('mark lost restores', markLostRestores)
      await attempt('mark lost prunes', markLostPrunes)
      await attempt('mark lost inspections', markLostInspections)
      await attempt('mark lost replications', markLostReplications)
      const isLate = performance.now() - tickedAt > options.tickSeconds * 1500
      if (isLate) await attempt('restore the tick', redisTick.ensure)
      if (isLate) await tickNow()
    }),
  ]
  await tickNow()

  return {
    stop: async () => {
      await Promise.all(timers.map((timer) => timer.stop()))
      await Promise.all([redisTick.close(), admin.close()])
    },
  }
}
