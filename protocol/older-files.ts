import { z } from 'zod'

/** What a file of the backup scripts before Talekeeper holds, as its name says: whole-tale/backup, and the recipe of deploy-single-node. */
export const olderHolds = ['mongodb', 'homes', 'registered-data', 'registry'] as const
export type OlderHolds = (typeof olderHolds)[number]

/** By the names of these files, which lie flat in the folder of a day. */
export const olderNames: [RegExp, OlderHolds][] = [
  [/^mongodump-\d{8}\.(?:tgz|tar)$/, 'mongodb'],
  [/^(?:home-\d{8}\.tgz|homes\.tar)$/, 'homes'],
  [/^dms\.tar$/, 'registered-data'],
  [/^registry\.tar$/, 'registry'],
]

export const olderDaySchema = z.string().regex(/^\d{8}$/)
export const olderNameSchema = z
  .string()
  .max(255)
  .refine((name) => olderNames.some(([pattern]) => pattern.test(name)))

/** `<instance>/<YYYYMMDD>/<name>`, below the base folder of a remote */
export const olderPathSchema = z
  .string()
  .max(400)
  .regex(/^[a-z0-9-]{1,40}\/\d{8}\/[^/]+$/)
  .refine((path) => olderNameSchema.safeParse(path.split('/')[2]).success)
