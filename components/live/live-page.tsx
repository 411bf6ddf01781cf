'use client'

import { OfflineNotice } from './offline-notice'
import { noIncidents } from '@/core/live/schema'
import { useLiveState } from './use-live-state'

/** Keeps a page as it is on the server: `version` is the one of core/live/read-live-state.ts when the page was made. */
export function LivePage({ version }: { version: string }) {
  const { isOffline } = useLiveState({ version, runs: [], incidents: noIncidents })
  return isOffline ? <OfflineNotice /> : null
}
