import { z } from 'zod'
import type { Db, Transaction } from '@/lib/db'
import { strangerSchema } from '@/protocol/events'
import { idSchema, slugSchema } from '@/protocol/names'
import { olderDaySchema, olderNameSchema } from '@/protocol/older-files'
import { Problem } from '@/protocol/problem'
import type { OlderFile } from './older-file'

/** Which file of the older scripts is meant: the slug of the instance in whose folder it lies, the day, and its name. */
export const olderPlaceSchema = z.object({
  remoteId: idSchema,
  instanceSlug: slugSchema,
  day: olderDaySchema,
  name: olderNameSchema,
})
export type OlderPlace = z.infer<typeof olderPlaceSchema>

/** The file as the newest look at the remote listed it; nothing else can be restored. Throws Problem `older-file-not-found`. */
export async function findOlderFile(
  database: Db | Transaction,
  { remoteId, instanceSlug, day, name }: OlderPlace,
): Promise<OlderFile> {
  const stranger = await database.stranger.findFirst({
    where: { folder: day, inspection: { remoteId, kind: 'listing', instance: { slug: instanceSlug } } },
    orderBy: { id: 'desc' },
    select: { older: true, inspection: { select: { instance: { select: { id: true, slug: true, name: true } } } } },
  })
  const files = strangerSchema.shape.older.catch(undefined).parse(stranger?.older ?? undefined) ?? []
  const file = files.find((one) => one.name === name)
  if (stranger && file) return { instance: stranger.inspection.instance, day, ...file }
  throw new Problem({
    code: 'older-file-not-found',
    text: 'The last look at this remote found no such file of the older scripts.',
    action: 'Check the remote, then choose a file that is listed there.',
  })
}
