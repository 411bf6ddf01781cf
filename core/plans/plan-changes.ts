import { isDeepStrictEqual } from 'node:util'
import type { PlanSettings } from './schema'

type Field = keyof PlanSettings

/** What another person saved while somebody edited the plan. */
export type PlanConflict = {
  /** of the plan as it is now */
  version: number
  by: string | null
  at: Date | null
  changes: PlanChange[]
}

/** One setting that is not as it was when the form was loaded; `clashes`: the form has a third value for it. */
export type PlanChange = {
  [F in Field]: { field: F; before: PlanSettings[F]; now: PlanSettings[F]; clashes: boolean }
}[Field]

export function changedFields(before: PlanSettings, after: PlanSettings): Field[] {
  return (Object.keys(before) as Field[]).filter((field) => !isSame(field, before[field], after[field]))
}

/** Between the plan as the form loaded it and as it is now, with the form's own values in view. */
export function listChanges(loaded: PlanSettings, now: PlanSettings, form: PlanSettings): PlanChange[] {
  const mine = changedFields(loaded, form)
  return changedFields(loaded, now).map((field) => {
    const clashes = mine.includes(field) && !isSame(field, form[field], now[field])
    return { field, before: loaded[field], now: now[field], clashes } as PlanChange
  })
}

/** What the form changed, over the plan as it is now: what it did not touch stays as the other person saved it. */
export function mergeChanges(loaded: PlanSettings, now: PlanSettings, form: PlanSettings): PlanSettings {
  const mine = changedFields(loaded, form).map((field) => [field, form[field]])
  return { ...now, ...Object.fromEntries(mine) }
}

/** Of remotes the order counts, of all other lists it does not. */
function isSame(field: Field, a: unknown, b: unknown): boolean {
  const isSet = (value: unknown): value is unknown[] => Array.isArray(value) && field !== 'targets'
  const ordered = (value: unknown) => (isSet(value) ? value.map((item) => JSON.stringify(item)).sort() : value)
  return isDeepStrictEqual(ordered(a), ordered(b))
}
