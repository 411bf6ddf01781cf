import { db } from '@/lib/db'
import { type Backend, backendSchema } from '@/protocol/remotes'

export type RemoteListItem = {
  id: string
  slug: string
  name: string
  backend: Backend
  /** the place in one line, without secrets */
  address: string
  plans: number
  /** backups that are on it now, and their size */
  backups: number
  bytes: number
}

/** All remotes by name, with what uses them. */
export async function listRemotes(): Promise<RemoteListItem[]> {
  const remotes = await db().remote.findMany({
    orderBy: { name: 'asc' },
    include: {
      _count: { select: { targets: true } },
      copies: { where: { presence: 'present' }, select: { backup: { select: { bytes: true } } } },
    },
  })
  return remotes.map((remote) => ({
    id: remote.id,
    slug: remote.slug,
    name: remote.name,
    backend: backendSchema.parse(remote.backend),
    address: addressOf(remote),
    plans: remote._count.targets,
    backups: remote.copies.length,
    bytes: remote.copies.reduce((sum, copy) => sum + Number(copy.backup.bytes), 0),
  }))
}

/** `backup@host:22 WT`, `https://… WT`, `/srv/backups`: where a remote is, without secrets. */
export function addressOf(remote: { backend: string; options: unknown; baseFolder: string }): string {
  const options = remote.options as Record<string, string | undefined>
  if (remote.backend === 'sftp') return `${options.user}@${options.host}:${options.port} ${remote.baseFolder}`
  if (remote.backend === 'webdav') return `${options.url} ${remote.baseFolder}`
  if (remote.backend === 's3') return `${options.endpoint ?? options.provider} ${remote.baseFolder}`
  const place = options.host ?? options.url ?? options.endpoint ?? options.account
  return place ? `${place} ${remote.baseFolder}` : remote.baseFolder
}
