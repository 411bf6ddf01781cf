import { controlPlaneEnv } from '@/lib/env'
import { isSameSecret } from '@/lib/crypto'

/** `off`: nobody may, as no token is set. */
export function mayReadMetrics(authorization: string | null): 'yes' | 'no' | 'off' {
  const { metricsToken } = controlPlaneEnv()
  if (!metricsToken) return 'off'
  const shown = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  return shown && isSameSecret(shown, metricsToken) ? 'yes' : 'no'
}
