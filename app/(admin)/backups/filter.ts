import type { RunState } from '@/components/status-badge'
import { type BackupOrder, type BackupSort, firstDirections } from '@/core/backups/sort-rules'
import type { Environment } from '@/protocol/names'
import type { presenceWords, verificationWords } from './words'

/** The filter as it stands in the address (read-search.ts). Days begin and end in `zone`, UTC where none is given. */
export type BackupSearch = {
  q?: string | undefined
  instance?: string | undefined
  environment?: Environment | undefined
  plan?: string | undefined
  state?: RunState | undefined
  presence?: keyof typeof presenceWords | undefined
  verification?: keyof typeof verificationWords | undefined
  pinned?: 'yes' | 'no' | undefined
  from?: string | undefined
  to?: string | undefined
  zone?: string | undefined
  sort?: BackupSort | undefined
  direction?: BackupOrder['direction'] | undefined
  page?: number | undefined
}

export function zoneOf({ zone }: BackupSearch): string {
  return zone ?? 'UTC'
}

export function orderOf({ sort = 'when', direction }: BackupSearch): BackupOrder {
  return { by: sort, direction: direction ?? firstDirections[sort] }
}

/** True when some backups are left out. */
export function isNarrowed({
  zone: _zone,
  sort: _sort,
  direction: _direction,
  page: _page,
  ...rest
}: BackupSearch): boolean {
  return Object.values(rest).some(Boolean)
}

/** The filter as it goes into an address, without the page. */
export function filterQuery({ page: _page, ...search }: BackupSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(search).flatMap(([key, value]) => (value ? [[key, value]] : [])))
}

/** The list's address with this filter, at its first page. */
export function backupsHref(search: BackupSearch): string {
  const query = new URLSearchParams(filterQuery(search))
  return query.size > 0 ? `/backups?${query}` : '/backups'
}
