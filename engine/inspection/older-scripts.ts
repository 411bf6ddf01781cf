import type { Stranger } from '@/protocol/events'

type OlderFile = NonNullable<Stranger['older']>[number]

/** What the backup scripts of Whole Tale left in the folder of a day: whole-tale/backup, and the recipe of deploy-single-node. */
const layouts: [RegExp, OlderFile['holds']][] = [
  [/^mongodump-\d{8}\.(?:tgz|tar)$/, 'mongodb'],
  [/^(?:home-\d{8}\.tgz|homes\.tar)$/, 'homes'],
  [/^dms\.tar$/, 'registered-data'],
  [/^registry\.tar$/, 'registry'],
]

/** The files of a day's folder that the older scripts made, as their names say. Pure. */
export function olderFilesAmong(files: { path: string; bytes: number }[]): OlderFile[] {
  return files.flatMap(({ path, bytes }) => {
    const [, holds] = layouts.find(([pattern]) => pattern.test(path)) ?? []
    return holds ? [{ name: path, bytes: Math.max(0, bytes), holds }] : []
  })
}
