import type { z } from 'zod'
import { absolutePathSchema, idSchema, slugSchema } from '@/protocol/names'
import { olderDaySchema, olderNameSchema } from '@/protocol/older-files'
import type { OlderPlace } from './find-older-file'

/** What a person has chosen so far of the restore of an older file, as it stands in the address of its page. */
export type OlderDraft = {
  instanceSlug: string | null
  day: string | null
  name: string | null
  workerId: string | null
  mongodbSourceId: string | null
  folder: string | null
}

export function readOlderDraft(query: URLSearchParams): OlderDraft {
  const one = <T>(key: string, schema: z.ZodType<T>): T | null => schema.safeParse(query.get(key)).data ?? null
  return {
    instanceSlug: one('instance', slugSchema),
    day: one('day', olderDaySchema),
    name: one('file', olderNameSchema),
    workerId: one('worker', idSchema),
    mongodbSourceId: one('mongodb', idSchema),
    folder: one('folder', absolutePathSchema),
  }
}

/** The page where the restore of such a file is put together. */
export function olderRestoreHref(
  { remoteId, instanceSlug, day, name }: OlderPlace,
  draft: Partial<Pick<OlderDraft, 'workerId' | 'mongodbSourceId' | 'folder'>> = {},
): string {
  const query = new URLSearchParams({ instance: instanceSlug, day, file: name })
  const single = { worker: draft.workerId, mongodb: draft.mongodbSourceId, folder: draft.folder }
  for (const [key, value] of Object.entries(single)) if (value) query.set(key, value)
  return `/remotes/${remoteId}/older?${query}`
}
