import { Database, FileCog, FolderTree, type LucideIcon } from 'lucide-react'
import { settingsSchemas } from '@/core/sources/schema'

export type SourceKind = keyof typeof settingsSchemas

export const sourceKinds: Record<SourceKind, { label: string; text: string; icon: LucideIcon }> = {
  mongodb: { label: 'MongoDB', text: 'The databases of Girder: users, folders, items, settings.', icon: Database },
  tree: { label: 'Directory tree', text: 'Home directories, workspaces, versions and runs.', icon: FolderTree },
  config: { label: 'Configuration files', text: 'Certificates, stack files and settings, by path.', icon: FileCog },
}

/** A source in one line: what it reads. A connection is never part of it. */
export function describeSource(kind: SourceKind, settings: unknown): string {
  if (kind === 'mongodb') {
    const { data } = settingsSchemas.mongodb.safeParse(settings)
    const what = data?.databases ? `databases ${data.databases.join(', ')}` : 'all databases'
    return data && data.reach !== 'direct' ? `${what}, in a container of ${data.reach.image}` : what
  }
  if (kind === 'tree') return settingsSchemas.tree.safeParse(settings).data?.path ?? ''
  const { data } = settingsSchemas.config.safeParse(settings)
  return [...(data?.paths ?? []), ...(data?.optionalPaths ?? [])].join(', ')
}
