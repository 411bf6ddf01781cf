'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { deletePing, savePing } from '@/core/pings/save-ping'
import { pingInputSchema } from '@/core/pings/schema'
import { idSchema } from '@/protocol/names'

export async function savePingAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await savePing(actor, pingInputSchema.parse({ planId: form.get('planId'), url: form.get('url') }))
    revalidatePath('/alerts')
    return { message: 'It hears of it from now on.' }
  })
}

export async function deletePingAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deletePing(actor, idSchema.parse(form.get('id')))
    revalidatePath('/alerts')
    return { message: 'It hears of nothing any more.' }
  })
}
