import { getBackupLive } from '@/core/backups/get-backup-live'
import { getRestoreLive } from '@/core/restores/get-restore-live'
import type { Follow } from './schema'

/** The run as it stands, with the log lines after `after`. Throws Problem `not-found`. */
export function readFollowed({ name, id, after }: Follow) {
  return name === 'backup' ? getBackupLive(id, after) : getRestoreLive(id, after)
}
