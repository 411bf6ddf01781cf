import type { BackupListItem } from '@/core/backups/list-backups'

/** What people read for the words of the schema. */

/** what the list is */
export const backupsDescription = 'Every run, and what it left on its remote.'

export const kindWords = { scheduled: 'scheduled', manual: 'by hand', safety: 'safety' } as const

export const presenceWords = {
  absent: 'nothing there',
  leftover: 'leftovers, to be cleaned up',
  present: 'there',
  missing: 'missing',
  pruned: 'deleted',
} as const

export const verificationWords = {
  none: 'not verified',
  uploaded: 'verified after upload by checksum or size',
  readBack: 'read back and compared',
  drilled: 'restored and compared',
} as const

/** Where there is no room for more. */
export const verificationShort = {
  none: 'not verified',
  uploaded: 'verified after upload',
  readBack: 'read back',
  drilled: 'restored and compared',
} as const

/** One word for all copies: what matters most first. */
export function presenceOf({ copies, state }: Pick<BackupListItem, 'copies' | 'state'>): string {
  if (state === 'queued' || state === 'running') return '–'
  const found = (['present', 'missing', 'leftover', 'pruned'] as const).find((presence) =>
    copies.some((copy) => copy.presence === presence),
  )
  if (!found) return '–'
  const isAlsoMissing = found === 'present' && copies.some((copy) => copy.presence === 'missing')
  return isAlsoMissing ? `${presenceWords.present}, but missing on another remote` : presenceWords[found]
}

/** How far the copies that are there were verified: the one that was verified furthest. Empty where none is there. */
export function verificationOf({ copies }: Pick<BackupListItem, 'copies'>): string {
  const present = copies.filter(({ presence }) => presence === 'present')
  const levels = ['drilled', 'readBack', 'uploaded', 'none'] as const
  const furthest = levels.find((level) => present.some(({ verification }) => verification === level))
  return furthest ? verificationShort[furthest] : ''
}
