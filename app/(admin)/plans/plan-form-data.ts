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
    confirmedDeletions: z.coerce.number().int().min(0).catch(0).parse(form.get('confirmedDeletions')),
  }
}

/** What the simulator needs of a form that may be half filled in. */
export function parseSimulation(form: FormData): {
  remoteId: string
  cron: string
  timeZone: string
  rule: RetentionRule
} {
  const fields = retentionChangeSchema.parse(fieldsOf(form))
  const { remoteId, cron, timeZone } = fields
  return { remoteId, cron, timeZone, rule: retentionRule(fields) }
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

function fieldsOf(form: FormData): Record<string, unknown> {
  return { ...Object.fromEntries(form), sourceIds: form.getAll('sourceIds') }
}
