import { z } from 'zod'
import type { RetentionRule } from '@/core/backups/retention'
import { displayNameSchema, idSchema, slugSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { partCheckSchema } from '@/protocol/remotes'
import { afterBlackouts, type Blackout, blackoutsSchema } from './blackouts'
import { assertCron, assertTimeZone, nextRuns } from './schedule'
import type { Schedule } from './start-time'

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

const optionalNumber = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' || value === undefined ? null : value), schema.nullable())

/** The form sends lists as JSON. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value || '[]')
  } catch {
    return value
  }
}

/** A run must find a time to begin, and do so before the next one is due. */
function assertScheduleFits(
  { cron, timeZone, spreadMinutes, blackouts }: Pick<Schedule, 'cron' | 'timeZone' | 'spreadMinutes' | 'blackouts'>,
  context: z.RefinementCtx,
): void {
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
  const [first, second] = readableRuns(cron, timeZone)
  if (first && second && spreadMinutes * 60_000 >= second.getTime() - first.getTime())
    refuse('spreadMinutes', 'The spread is as long as the time between two runs. Choose less.')
  if (first && afterBlackouts(blackouts, timeZone, first) === null)
    refuse('blackouts', 'The blackouts leave no time at which a run could begin.')
}

/** None where cron or zone cannot be read, which is told at their own fields. */
function readableRuns(cron: string, timeZone: string): Date[] {
  try {
    return nextRuns(cron, timeZone, new Date(), 2)
  } catch {
    return []
  }
}

/** An empty field is a rule that is off. */
const ruleNumber = (text: string) => z.preprocess((value) => (value === '' ? 0 : value), wholeNumber(text, 0, 3650))

const retentionRuleShape = {
  keepLast: ruleNumber('Enter a number of backups.'),
  keepDays: ruleNumber('Enter a number of days.'),
  keepDaily: ruleNumber('Enter a number of days.'),
  keepWeekly: ruleNumber('Enter a number of weeks.'),
  keepMonthly: ruleNumber('Enter a number of months.'),
  keepYearly: ruleNumber('Enter a number of years.'),
  keepAtLeast: wholeNumber('Enter a number of backups.', 1, 1000),
} satisfies Record<keyof RetentionRule, z.ZodType>

/** Where backups lie, and how long they stay there. They are made on the first; the others get copies. */
const targetShape = z.object({
  remoteId: z.uuid('Choose a remote.'),
  ...retentionRuleShape,
  /** of a further remote: those that are there already are copied to it too, and not only the newest and those to come */
  copyEarlier: z.preprocess((value) => value === true || value === 'on', z.boolean()),
})
export type TargetSettings = z.infer<typeof targetShape>

const mostTargets = 5

const targetsSchema = z
  .array(targetShape)
  .min(1, 'Choose a remote.')
  .max(mostTargets, `A plan has at most ${mostTargets} remotes.`)
  .superRefine((targets, context) => {
    targets.forEach(({ remoteId }, index) => {
      if (targets.findIndex((other) => other.remoteId === remoteId) < index)
        context.addIssue({ code: 'custom', path: [index, 'remoteId'], message: 'This remote is in the list already.' })
    })
  })

const settingsShape = z.object({
  name: displayNameSchema,
  sourceIds: z.array(idSchema).min(1, 'Choose at least one source.').max(200),
  cron: checkedBy(assertCron).transform((cron) => cron.split(/\s+/).join(' ')),
  timeZone: checkedBy(assertTimeZone),
  /** null: a run waits as long as it must */
  startWindowMinutes: optionalNumber(wholeNumber('Enter a number of minutes, or leave it empty.', 15, 10_080)),
  spreadMinutes: z.preprocess((value) => (value === '' ? 0 : value), wholeNumber('Enter a number of minutes.', 0, 720)),
  blackouts: z.preprocess(parsedJson, blackoutsSchema),
  targets: targetsSchema,
  partMebibytes: wholeNumber('Enter a number of MiB.', 1, 65_536),
  partCheck: partCheckSchema,
  zstdLevel: wholeNumber('Enter a level.', 1, 19),
  durationLimitHours: wholeNumber('Enter a number of hours.', 1, 168),
  stallLimitMinutes: wholeNumber('Enter a number of minutes.', 1, 1440),
  /** so long after a planned time a good backup may be missing before the plan counts as overdue */
  graceMinutes: wholeNumber('Enter a number of minutes.', 5, 43_200),
  /** null: as fast as it goes */
  mebibytesPerSecond: optionalNumber(wholeNumber('Enter a number of MiB per second, or leave it empty.', 1, 2000)),
  /** null: never by itself */
  readBackEveryDays: optionalNumber(wholeNumber('Enter a number of days, or leave it empty.', 1, 365)),
  /** null: nobody is reminded of drills */
  drillEveryDays: optionalNumber(wholeNumber('Enter a number of days, or leave it empty.', 1, 730)),
})
/** Five cron fields, and the zone of the wall clock that they mean. */
export const scheduleSchema = settingsShape.pick({ cron: true, timeZone: true })

/** The part that decides what is deleted on one remote, and when something new comes in. */
export const retentionChangeSchema = z.object({ ...scheduleSchema.shape, target: targetShape })

/** As a form was filled: a plan may have lost its remote or its sources. */
export const loadedSettingsSchema = settingsShape.extend({
  targets: z.array(targetShape),
  sourceIds: z.array(idSchema),
})

export const planSettingsSchema = settingsShape.superRefine(assertScheduleFits)
export type PlanSettings = z.infer<typeof planSettingsSchema>

export const planInputSchema = settingsShape
  .extend({ instanceId: idSchema, slug: slugSchema })
  .superRefine(assertScheduleFits)
export type PlanInput = z.infer<typeof planInputSchema>

/** What a remote that is added to a plan begins with. */
export const targetDefaults = {
  keepLast: 0,
  keepDays: 30,
  keepDaily: 0,
  keepWeekly: 0,
  keepMonthly: 0,
  keepYearly: 0,
  keepAtLeast: 3,
  copyEarlier: false,
} as const satisfies Partial<TargetSettings>

export const planDefaults = {
  cron: '0 0 * * *',
  timeZone: 'America/Chicago',
  startWindowMinutes: null,
  spreadMinutes: 0,
  blackouts: [] as Blackout[],
  partMebibytes: 512,
  partCheck: 'hash',
  zstdLevel: 3,
  durationLimitHours: 12,
  stallLimitMinutes: 30,
  graceMinutes: 60,
  mebibytesPerSecond: null,
  readBackEveryDays: 7,
  drillEveryDays: null,
} as const satisfies Partial<PlanSettings>
