import { type PlanInput, type PlanSettings, planInputSchema, planSettingsSchema } from '@/core/plans/schema'

/** A new plan out of the form. Throws ZodError whose paths are field names. */
export function parseNewPlan(form: FormData): PlanInput {
  return planInputSchema.parse(fieldsOf(form))
}

/** The changed settings of a plan out of the form. */
export function parsePlanSettings(form: FormData): PlanSettings {
  return planSettingsSchema.parse(fieldsOf(form))
}

function fieldsOf(form: FormData): Record<string, unknown> {
  return { ...Object.fromEntries(form), sourceIds: form.getAll('sourceIds') }
}
