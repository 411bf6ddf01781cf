import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'
import { startControl } from './control/start-control'

const longestStopMilliseconds = 4000

/** The background process: `node dist/control.mjs` or, in development, `tsx worker/control.ts`. */
async function main(): Promise<void> {
  const { redisUrl, redisAdminUrl, tickSeconds } = controlPlaneEnv()
  if (!redisAdminUrl)
    throw new Error(
      'Talekeeper cannot start. REDIS_ADMIN_URL is missing: the control process sets the Redis users of workers.',
    )
  const control = await startControl({ redisUrl, redisAdminUrl, tickSeconds, lookSeconds: 2 })
  log.info('control is running')
  const end = () => {
    setTimeout(() => process.exit(0), longestStopMilliseconds).unref()
    void control.stop().finally(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
