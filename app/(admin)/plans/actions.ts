'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { acceptHeld } from '@/core/backups/accept-held'
import { requestBackup } from '@/core/backups/request-backup'
import { createPlan } from '@/core/plans/create-plan'
import { deletePlan } from '@/core/plans/delete-plan'
import { pausePlan, resumePlan } from '@/core/plans/pause-plan'
import { takeOverAdopted } from '@/core/plans/take-over-adopted'
import type { PlanConflict } from '@/core/plans/plan-changes'
import { type RetentionSimulation, simulateRetention } from '@/core/plans/simulate-retention'
import { updatePlan } from '@/core/plans/update-plan'
import { removeWaiting } from '@/core/prunes/remove-waiting'
import { idSchema } from '@/protocol/names'
import { parseNewPlan, parsePlanEdit, parseSimulation } from './plan-form-data'

export async function createPlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const input = parseNewPlan(form)
    const { id } = await createPlan(actor, input)
    revalidatePath('/plans')
    return { message: `Plan “${input.name}” is made.`, href: `/plans/${id}` }
  })
}

export async function updatePlanAction(
  _previous: ActionResult<{ conflict?: PlanConflict }> | null,
  form: FormData,
): Promise<ActionResult<{ conflict?: PlanConflict }>> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    const conflict = await updatePlan(actor, id, parsePlanEdit(form))
    if (conflict) return { conflict }
    revalidatePath(`/plans/${id}`)
    return { message: 'The changes are saved.', href: `/plans/${id}` }
  })
}

/** What the retention on one remote of the form would do. */
export async function simulateRetentionAction(
  form: FormData,
  index: number,
): Promise<ActionResult<{ simulation: RetentionSimulation }>> {
  return runAction('administer', async () => {
    const planId = idSchema.nullable().parse(form.get('id'))
    return { simulation: await simulateRetention(planId, parseSimulation(form, z.int().min(0).max(9).parse(index))) }
  })
}

export async function deletePlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deletePlan(actor, idSchema.parse(form.get('id')))
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: 'The plan is deleted. Its backups stay.', href: '/plans' }
  })
}

export async function pausePlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await pausePlan(actor, id)
    revalidatePath(`/plans/${id}`)
    return { message: 'The plan is paused.' }
  })
}

export async function resumePlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await resumePlan(actor, id)
    revalidatePath(`/plans/${id}`)
    return { message: 'The plan runs again, from its next time on.' }
  })
}

export async function runPlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const note = z
      .string()
      .trim()
      .max(500, 'A note has at most 500 characters.')
      .parse(form.get('note') ?? '')
    const { backupId } = await requestBackup(actor, idSchema.parse(form.get('id')), note || null)
    return { message: 'The backup is requested.', href: `/backups/${backupId}` }
  })
}

export async function removeWaitingAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    const backupIds = z.array(idSchema).parse(String(form.get('backupIds')).split(','))
    await removeWaiting(actor, id, { remoteId: idSchema.parse(form.get('remoteId')), backupIds })
    revalidatePath(`/plans/${id}`)
    return { message: 'The worker removes them now.' }
  })
}

export async function acceptHeldAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await acceptHeld(actor, id, z.coerce.date().parse(form.get('heldAt')))
    revalidatePath(`/plans/${id}`)
    return { message: 'Accepted. Old backups are deleted again as the plan says.' }
  })
}

export async function takeOverAdoptedAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await takeOverAdopted(actor, id)
    revalidatePath(`/plans/${id}`)
    return { message: 'The backups are this plan’s now.' }
  })
}
