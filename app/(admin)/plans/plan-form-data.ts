import { z } from 'zod'
import type { RetentionRule } from '@/core/backups/retention'
import { retentionRule } from '@/core/plans/plan-columns'
import {
  loadedSettingsSchema,
  type PlanInput,
  type PlanSettings,
  planInputSchema,
  planSettingsSchema,
  retentionChangeSchema,
} from '@/core/plans/schema'
import type { PlanEdit } from '@/core/plans/update-plan'
import { Problem } from '@/protocol/problem'

/** A new plan out of the form. Throws ZodError whose paths are field names. */
export function parseNewPlan(form: FormData): PlanInput {
  return planInputSchema.parse(fieldsOf(form))
}

/** The changed settings of a plan out of the form, and which plan the person saw. */
export function parsePlanEdit(form: FormData): PlanEdit {
  return {
    settings: planSettingsSchema.parse(fieldsOf(form)),
    loaded: parseLoaded(form),
    version: z.coerce.number().int().catch(0).parse(form.get('version')),
    merge: form.get('merge') === 'yes',
    confirmedDeletions: form.getAll('confirmedDeletions').reduce((sum, count) => sum + countOf(count), 0),
  }
}

/** What the simulator needs of one remote in a form that may be half filled in. */
export function parseSimulation(
  form: FormData,
  index: number,
): {
  remoteId: string
  cron: string
  timeZone: string
  rule: RetentionRule
} {
  const fields = fieldsOf(form)
  const { target, cron, timeZone } = retentionChangeSchema.parse({ ...fields, target: fields.targets[index] })
  return { remoteId: target.remoteId, cron, timeZone, rule: retentionRule(target) }
}

function parseLoaded(form: FormData): PlanSettings {
  const loaded = loadedSettingsSchema.safeParse(parsedOrNull(form.get('loaded')))
  if (loaded.success) return loaded.data
  throw new Problem({ code: 'stale-page', text: 'This page is older than the dashboard.', action: 'Load it again.' })
}

function parsedOrNull(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return null
  }
}

/** What was confirmed on one remote. */
function countOf(value: unknown): number {
  return z.coerce.number().int().min(0).catch(0).parse(value)
}

function fieldsOf(form: FormData) {
  return { ...Object.fromEntries(form), sourceIds: form.getAll('sourceIds'), targets: targetsOf(form) }
}

/** `targets.0.keepDays` and the like, in their order. */
function targetsOf(form: FormData): Record<string, unknown>[] {
  const targets: Record<string, unknown>[] = []
  for (const [name, value] of form) {
    const [list, index, field] = name.split('.')
    if (list !== 'targets' || !index || !field || !/^\d$/.test(index)) continue
    targets[Number(index)] = { ...targets[Number(index)], [field]: value }
  }
  return targets.filter(Boolean)
}
