import { z } from 'zod'
import { absolutePathSchema, idSchema } from '@/protocol/names'

/** What a person has chosen so far of a restore, as it stands in the address of the page. What cannot be read is left out. */
export type Draft = {
  /** names of artifacts that are wanted whole */
  artifacts: string[]
  /** of the stored index (core/contents): folders and files */
  entries: number[]
  /** `girder`, or `girder.user`: a database's name holds no dot */
  namespaces: string[]
  workerId: string | null
  remoteId: string | null
  /** `none`: databases are left out, whatever was chosen */
  mongodb: string | null
  folder: string | null
  /** exchange what stands there */
  inPlace: boolean
  /** of a restore in place: how it is seen to that nobody writes there meanwhile */
  writers: 'stopped' | 'command'
  /** of a restore in place: whether a backup is made of it before */
  safety: boolean
  /** whether the fix-ups of another instance are applied, and which of them are not */
  fixUps: boolean
  withoutFixUps: string[]
}

/** So many fit the address of a page. */
export const mostEntries = 300

const lists = {
  artifacts: { key: 'artifact', schema: z.string().min(1).max(100) },
  entries: { key: 'entry', schema: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) },
  namespaces: { key: 'ns', schema: z.string().min(1).max(320) },
  withoutFixUps: { key: 'unfixed', schema: z.string().min(1).max(100) },
} as const

export function readDraft(query: URLSearchParams): Draft {
  const all = <T>(key: string, schema: z.ZodType<T>): T[] => [
    ...new Set(
      query.getAll(key).flatMap((text) => {
        const parsed = schema.safeParse(text)
        return parsed.success ? [parsed.data] : []
      }),
    ),
  ]
  const one = <T>(key: string, schema: z.ZodType<T>): T | null => schema.safeParse(query.get(key)).data ?? null
  return {
    artifacts: all(lists.artifacts.key, lists.artifacts.schema).slice(0, 100),
    entries: all(lists.entries.key, lists.entries.schema).slice(0, mostEntries),
    namespaces: all(lists.namespaces.key, lists.namespaces.schema).slice(0, 1000),
    workerId: one('worker', idSchema),
    remoteId: one('remote', idSchema),
    mongodb: one('mongodb', z.union([z.literal('none'), idSchema])),
    folder: one('folder', absolutePathSchema),
    inPlace: one('way', z.literal('in-place')) !== null,
    writers: one('writers', z.literal('command')) ?? 'stopped',
    safety: one('safety', z.literal('none')) === null,
    fixUps: one('fixups', z.literal('none')) === null,
    withoutFixUps: all(lists.withoutFixUps.key, lists.withoutFixUps.schema).slice(0, 100),
  }
}

export function writeDraft(draft: Partial<Draft>): string {
  const query = new URLSearchParams()
  for (const [name, { key }] of Object.entries(lists))
    for (const value of draft[name as keyof typeof lists] ?? []) query.append(key, String(value))
  const single = {
    ...{ worker: draft.workerId, remote: draft.remoteId, mongodb: draft.mongodb, folder: draft.folder },
    way: draft.inPlace ? 'in-place' : null,
    writers: draft.writers === 'command' ? 'command' : null,
    safety: draft.safety === false ? 'none' : null,
    fixups: draft.fixUps === false ? 'none' : null,
  }
  for (const [key, value] of Object.entries(single)) if (value) query.set(key, value)
  return query.toString()
}

/** The page where a restore is put together. */
export function restoreHref(backupId: string, draft: Partial<Draft> = {}): string {
  const query = writeDraft(draft)
  return `/backups/${backupId}/restore${query && `?${query}`}`
}

export function isEverything({ artifacts, entries, namespaces }: Draft): boolean {
  return artifacts.length === 0 && entries.length === 0 && namespaces.length === 0
}
