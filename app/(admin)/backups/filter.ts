import { z } from 'zod'
import { runStates } from '@/components/status-badge'

/** The filter as it stands in the address: what cannot be read is left out. */
export const backupSearchSchema = z.object({
  instance: z.string().max(40).optional().catch(undefined),
  state: z.enum(runStates).optional().catch(undefined),
  plan: z.string().max(40).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
})
export type BackupSearch = z.infer<typeof backupSearchSchema>

/** The filter as it goes into the address, without the page. */
export function filterQuery(search: Partial<BackupSearch>): Record<string, string> {
  return {
    ...(search.instance ? { instance: search.instance } : {}),
    ...(search.plan ? { plan: search.plan } : {}),
    ...(search.state ? { state: search.state } : {}),
  }
}

/** The list's address with this filter, at its first page. */
export function backupsHref(search: Partial<BackupSearch>): string {
  const query = new URLSearchParams(filterQuery(search))
  return query.size > 0 ? `/backups?${query}` : '/backups'
}
