import { z } from 'zod'
import { assertTimeZone } from '@/core/plans/schedule'
import { displayNameSchema, environmentSchema, slugSchema } from '@/protocol/names'

/** The slug is the instance's folder on every remote: chosen once, never changed. */
export const createInstanceSchema = z.object({
  slug: slugSchema,
  name: displayNameSchema,
  environment: environmentSchema,
  /** of an instance that another dashboard knew: the folders on its remotes refuse any other id */
  id: z
    .string()
    .trim()
    .transform((text) => text.toLowerCase() || undefined)
    .pipe(z.uuid('Enter the id as it stands in .talekeeper.json or in the recovery kit, or leave it empty.').optional())
    .optional(),
})

/** What a form leaves blank is null. */
const optionalText = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest, `At most ${longest} characters.`)
    .default('')
    .transform((text) => text || null)

/** A recovery goal; ten years are plenty. */
const optionalHours = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 87_600), {
    error: 'Enter a whole number of hours, or leave it blank.',
  })
  .transform((text) => (text === '' ? null : Number(text)))

const optionalTimeZone = optionalText(60).refine((zone) => zone === null || isTimeZone(zone), {
  error: 'Choose a zone of the list.',
})

function isTimeZone(zone: string): boolean {
  try {
    assertTimeZone(zone)
    return true
  } catch {
    return false
  }
}

export const updateInstanceSchema = createInstanceSchema.omit({ slug: true, id: true }).extend({
  /** zone that a new plan of the instance begins with */
  timeZone: optionalTimeZone,
  ownerContact: optionalText(500),
  /** how much work may be lost, and how long a restore may take */
  rpoHours: optionalHours,
  rtoHours: optionalHours,
  /** Markdown */
  notes: optionalText(20_000),
})
export type InstanceSettings = z.output<typeof updateInstanceSchema>

export const deleteInstanceSchema = z.object({ typedName: z.string().trim().max(200) })
