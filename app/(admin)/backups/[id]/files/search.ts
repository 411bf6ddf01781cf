import { z } from 'zod'

/** What stands in the address: where one is, or what is looked for. What cannot be read is left out. */
export const filesSearchSchema = z.object({
  folder: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  q: z.string().trim().max(200).catch(''),
  /** of what is looked for: the last entry of the page before */
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0),
})

export function filesHref(backupId: string, query: Record<string, string | number> = {}): string {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  return `/backups/${backupId}/files${text && `?${text}`}`
}
