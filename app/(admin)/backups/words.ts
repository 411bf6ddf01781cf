import type { BackupListItem } from '@/core/backups/list-backups'

/** What people read for the words of the schema. */

export const kindWords = { scheduled: 'scheduled', manual: 'by hand', safety: 'safety' } as const

export const presenceWords = {
  absent: 'nothing there',
  leftover: 'leftovers, to be cleaned up',
  present: 'there',
  missing: 'missing',
  pruned: 'deleted by retention',
} as const

export const verificationWords = {
  none: 'not verified',
  uploaded: 'verified after upload by checksum or size',
  readBack: 'read back and compared',
  drilled: 'restored and compared',
} as const

/** One word for all copies: what matters most first. */
export function presenceOf({ presences, state }: Pick<BackupListItem, 'presences' | 'state'>): string {
  if (state === 'queued' || state === 'running') return '–'
  const found = (['present', 'missing', 'leftover', 'pruned'] as const).find((presence) => presences.includes(presence))
  return found ? presenceWords[found] : '–'
}
