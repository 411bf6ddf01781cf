'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelRestore } from '@/core/restores/cancel-restore'
import { requestDiscard } from '@/core/restores/request-discard'
import { idSchema } from '@/protocol/names'

export async function cancelRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await cancelRestore(actor, id)
    revalidatePath(`/restores/${id}`)
    return { message: 'Cancelling: the worker stops in a few seconds.' }
  })
}

export async function discardRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await requestDiscard(actor, id)
    revalidatePath(`/restores/${id}`)
    return { message: 'The worker removes the scratch place.' }
  })
}
