'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { acknowledgeIncident, acknowledgeSchema, releaseIncident } from '@/core/incidents/acknowledge-incident'
import { idSchema } from '@/protocol/names'

export async function acknowledgeIncidentAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await acknowledgeIncident(actor, id, acknowledgeSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message: 'Noted. It still tells when it gets worse, and when it is over.' }
  })
}

export async function releaseIncidentAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    await releaseIncident(actor, idSchema.parse(form.get('id')))
    revalidatePath('/', 'layout')
    return { message: 'Reminders come again.' }
  })
}
