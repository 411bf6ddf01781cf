import { z } from 'zod'
import { idSchema, slugSchema } from '@/protocol/names'
import { olderDaySchema, olderHolds, olderNameSchema } from '@/protocol/older-files'

/** Restore.olderFile: a file of the scripts before Talekeeper, as a look at the remote found it in the folder of an instance. */
export const olderFileSchema = z.object({
  instance: z.object({ id: idSchema, slug: slugSchema, name: z.string() }),
  day: olderDaySchema,
  name: olderNameSchema,
  bytes: z.number().min(0),
  holds: z.enum(olderHolds),
})
export type OlderFile = z.infer<typeof olderFileSchema>

/** Below the base folder of its remote. */
export function olderPathOf({ instance, day, name }: OlderFile): string {
  return `${instance.slug}/${day}/${name}`
}

/** The day that its folder is named after. */
export function dayOf({ day }: Pick<OlderFile, 'day'>): Date {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6))))
}
