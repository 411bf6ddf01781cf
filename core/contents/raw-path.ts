import type { StoredEntry } from '@/lib/entry-store'

/** Out of the way that leads to an entry: its path in base64, without the artifact that stands at the top. */
export function rawPathOf(path: StoredEntry[]): string {
  const names = path.slice(1).flatMap(({ name }, index) => (index === 0 ? [name] : [Buffer.from('/'), name]))
  return Buffer.concat(names).toString('base64')
}
