import packageFacts from '@/package.json' with { type: 'json' }
import { compareVersions, protocolVersion } from '@/protocol/version'

/** Of this dashboard. */
export const dashboardVersion = packageFacts.version

export type UpgradeHint = { level: 'warning' | 'hint'; text: string } | null

/** Whether a worker should be upgraded, and why; null: it is as new as the dashboard, or not of a release. */
export function upgradeHint(
  worker: { version: string; protocol: string },
  dashboard = { version: dashboardVersion, protocol: protocolVersion },
): UpgradeHint {
  if (compareVersions(worker.protocol, dashboard.protocol) < 0)
    return {
      level: 'warning',
      text: `It works, but does not know what came with this dashboard, and the next dashboard will refuse it. The worker has version ${worker.version}, the dashboard ${dashboard.version}.`,
    }
  if (!/^\d+\.\d+\.\d+/.test(worker.version) || compareVersions(worker.version, dashboard.version) >= 0) return null
  return { level: 'hint', text: `The worker has version ${worker.version}, the dashboard ${dashboard.version}.` }
}
