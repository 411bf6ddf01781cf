import type { Stranger } from '@/protocol/events'
import { olderNames } from '@/protocol/older-files'

type OlderFile = NonNullable<Stranger['older']>[number]

/** The files of a day's folder that the older scripts made, as their names say. Pure. */
export function olderFilesAmong(files: { path: string; bytes: number }[]): OlderFile[] {
  return files.flatMap(({ path, bytes }) => {
    const [, holds] = olderNames.find(([pattern]) => pattern.test(path)) ?? []
    return holds ? [{ name: path, bytes: Math.max(0, bytes), holds }] : []
  })
}
