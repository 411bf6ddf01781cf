import { z } from 'zod'
import { displayNameSchema, idSchema, slugSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { partCheckSchema } from '@/protocol/remotes'
import { assertCron, assertTimeZone } from './schedule'

/** What the plan form sends, in the units of the form, and its defaults. */

const wholeNumber = (text: string, min: number, max: number) =>
  z.coerce.number({ error: text }).int(text).min(min, `${text} At least ${min}.`).max(max, `${text} At most ${max}.`)

const checkedBy = (check: (text: string) => void) =>
  z
    .string()
    .trim()
    .max(200, 'That is too long.')
    .superRefine((text, context) => {
      try {
        check(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Problem ? error.message : 'This cannot be read.' })
      }
    })

export const planSettingsSchema = z.object({
  name: displayNameSchema,
  sourceIds: z.array(idSchema).min(1, 'Choose at least one source.').max(200),
  cron: checkedBy(assertCron).transform((cron) => cron.split(/\s+/).join(' ')),
  timeZone: checkedBy(assertTimeZone),
  remoteId: z.uuid('Choose a remote.'),
  keepDays: wholeNumber('Enter a number of days.', 1, 3650),
  partMebibytes: wholeNumber('Enter a number of MiB.', 1, 65_536),
  partCheck: partCheckSchema,
  zstdLevel: wholeNumber('Enter a level.', 1, 19),
  durationLimitHours: wholeNumber('Enter a number of hours.', 1, 168),
  stallLimitMinutes: wholeNumber('Enter a number of minutes.', 1, 1440),
  /** so long after a planned time a good backup may be missing before the plan counts as overdue */
  graceMinutes: wholeNumber('Enter a number of minutes.', 5, 43_200),
  /** null: as fast as it goes */
  mebibytesPerSecond: z.preprocess(
    (value) => (value === '' || value === undefined ? null : value),
    wholeNumber('Enter a number of MiB per second, or leave it empty.', 1, 2000).nullable(),
  ),
  /** null: never by itself */
  readBackEveryDays: z.preprocess(
    (value) => (value === '' || value === undefined ? null : value),
    wholeNumber('Enter a number of days, or leave it empty.', 1, 365).nullable(),
  ),
})
export type PlanSettings = z.infer<typeof planSettingsSchema>

export const planInputSchema = planSettingsSchema.extend({ instanceId: idSchema, slug: slugSchema })
export type PlanInput = z.infer<typeof planInputSchema>

export const planDefaults = {
  cron: '0 0 * * *',
  timeZone: 'America/Chicago',
  keepDays: 30,
  partMebibytes: 512,
  partCheck: 'hash',
  zstdLevel: 3,
  durationLimitHours: 12,
  stallLimitMinutes: 30,
  graceMinutes: 60,
  mebibytesPerSecond: null,
  readBackEveryDays: 7,
} as const satisfies Partial<PlanSettings>
