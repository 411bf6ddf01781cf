'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { acceptHeld } from '@/core/backups/accept-held'
import { requestBackup } from '@/core/backups/request-backup'
import { previewDeletions } from '@/core/plans/count-deletions'
import { createPlan } from '@/core/plans/create-plan'
import { deletePlan } from '@/core/plans/delete-plan'
import { pausePlan, resumePlan } from '@/core/plans/pause-plan'
import { takeOverAdopted } from '@/core/plans/take-over-adopted'
import { updatePlan } from '@/core/plans/update-plan'
import { idSchema } from '@/protocol/names'
import { parseNewPlan, parsePlanSettings } from './plan-form-data'

export async function createPlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const input = parseNewPlan(form)
    const { id } = await createPlan(actor, input)
    revalidatePath('/plans')
    return { message: `Plan “${input.name}” is made.`, href: `/plans/${id}` }
  })
}

export async function updatePlanAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    const confirmedDeletions = z.coerce.number().int().min(0).catch(0).parse(form.get('confirmedDeletions'))
    await updatePlan(actor, id, parsePlanSettings(form), { confirmedDeletions })
    revalidatePath(`/plans/${id}`)
    return { message: 'The changes are saved.', href: `/plans/${id}` }
  })
}

/** How many backups that are kept today would be deleted with so few days. */
export async function previewDeletionsAction(
  planId: string,
  keepDays: number,
): Promise<ActionResult<{ count: number }>> {
  return runAction('administer', async () => ({
    count: await previewDeletions(idSchema.parse(planId), z.int().min(1).max(3650).parse(keepDays)),
  }))
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
    const { backupId } = await requestBackup(actor, idSchema.parse(form.get('id')))
    return { message: 'The backup is requested.', href: `/backups/${backupId}` }
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
