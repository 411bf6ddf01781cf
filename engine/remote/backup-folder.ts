import { Problem } from '@/protocol/problem'
import type { RemoteStore } from './remote-store'

/** Names of files in a backup's folder, besides the parts. */
export const manifestName = 'manifest.json'
export const signatureName = 'manifest.sig'
export const checksumsName = 'SHA256SUMS'

/** What `sha256sum --check` reads, for people with plain tools. */
export function checksumsText(parts: { name: string; sha256: string }[]): string {
  return parts.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('')
}

const mostCollisions = 99

/**
 * Chooses a folder for a backup that is not there yet: `<YYYYMMDD>/<HHMMSS>Z-<plan>` by its start in UTC, with a suffix where that
 * is taken. Nothing is written, so that the name can be reported first. Two runs of one plan are kept apart by its lock.
 */
export async function chooseBackupFolder(
  store: RemoteStore,
  instanceSlug: string,
  planSlug: string,
  startedAt: Date,
): Promise<string> {
  const { day, name } = folderName(planSlug, startedAt)
  const taken = new Set((await store.list(`${instanceSlug}/${day}`))?.map((entry) => entry.name))
  if (!taken.has(name)) return `${day}/${name}`
  for (let suffix = 2; suffix <= mostCollisions; suffix++)
    if (!taken.has(`${name}-${suffix}`)) return `${day}/${name}-${suffix}`
  throw new Problem({
    code: 'folder-taken',
    text: `The remote already holds ${mostCollisions} folders for this second of this plan.`,
    action: 'Look at the remote: something writes into this instance’s folder again and again.',
    where: `${instanceSlug}/${day}`,
  })
}

export function folderName(planSlug: string, startedAt: Date): { day: string; name: string } {
  const [date = '', time = ''] = startedAt.toISOString().split('T')
  return { day: date.replaceAll('-', ''), name: `${time.slice(0, 8).replaceAll(':', '')}Z-${planSlug}` }
}
