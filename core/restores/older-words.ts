import type { OlderFile } from './older-file'

const holdsWords: Record<OlderFile['holds'], string> = {
  mongodb: 'MongoDB, an archive of mongodump',
  homes: 'homes and workspaces',
  'registered-data': 'cache of registered data',
  registry: 'images of tales',
}

/** What a file of the older scripts holds, what reading it verifies, and what was never in it (null: nothing known). Pure. */
export function olderWords({ name, holds }: Pick<OlderFile, 'name' | 'holds'>): {
  holds: string
  verified: string
  neverHeld: string | null
} {
  return {
    holds: holdsWords[holds],
    verified: name.endsWith('.tgz')
      ? 'Its gzip checksum tells that it is as it was written; nothing tells what it should hold.'
      : 'It has no checksum: only its form is checked, to its end; nothing tells what it should hold.',
    neverHeld: name.startsWith('home-') ? 'Names that begin with a dot at the top were never in it.' : null,
  }
}
