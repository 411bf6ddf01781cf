'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { endOfDay, optionalDaySchema } from '@/app/optional-day'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelRestore } from '@/core/restores/cancel-restore'
import { letGo } from '@/core/restores/let-go'
import { requestDiscard } from '@/core/restores/request-discard'
import { requestEnd } from '@/core/restores/request-end'
import { scheduleDrop } from '@/core/restores/schedule-drop'
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

export async function undoRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await requestEnd(actor, id, { end: 'undo', typedSlug: null })
    revalidatePath(`/restores/${id}`)
    return { message: 'The worker puts back what stood there before.' }
  })
}

export async function dropRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await requestEnd(actor, id, { end: 'drop', typedSlug: String(form.get('typedName') ?? '') })
    revalidatePath(`/restores/${id}`)
    return { message: 'The worker removes what is beside.' }
  })
}

export async function letGoAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await letGo(actor, id, String(form.get('typedName') ?? ''))
    revalidatePath(`/restores/${id}`)
    return { message: 'The instance is free: what waited begins.' }
  })
}

const dropDaySchema = z.object({ id: idSchema, lastDay: optionalDaySchema, typedName: z.string().max(200).default('') })

export async function scheduleDropAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { id, lastDay, typedName } = dropDaySchema.parse(Object.fromEntries(form))
    await scheduleDrop(actor, id, { dropAt: lastDay ? endOfDay(lastDay) : null, typedSlug: typedName })
    revalidatePath(`/restores/${id}`)
    return { message: lastDay ? 'It is dropped when this day is over.' : 'It stays until somebody drops it.' }
  })
}
