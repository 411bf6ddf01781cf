'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { deleteRefresh, editRefresh, pauseRefresh, resumeRefresh } from '@/core/refreshes/change-refresh'
import { makeRefresh } from '@/core/refreshes/make-refresh'
import { editRefreshSchema, makeRefreshSchema } from '@/core/refreshes/schema'
import { wantRefresh } from '@/core/refreshes/want-refresh'
import { idSchema } from '@/protocol/names'

export async function makeRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { id } = await makeRefresh(actor, makeRefreshSchema.parse(Object.fromEntries(form)))
    revalidatePath('/restores')
    return { message: 'The refresh is made.', href: `/refreshes/${id}` }
  })
}

export async function editRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const edited = editRefreshSchema.parse(Object.fromEntries(form))
    await editRefresh(actor, edited)
    revalidatePath(`/refreshes/${edited.id}`)
    return { message: 'The schedule is saved.' }
  })
}

export async function pauseRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await pauseRefresh(actor, id)
    revalidatePath(`/refreshes/${id}`)
    return { message: 'The refresh is paused.' }
  })
}

export async function resumeRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await resumeRefresh(actor, id)
    revalidatePath(`/refreshes/${id}`)
    return { message: 'The refresh runs again, from its next time on.' }
  })
}

export async function deleteRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deleteRefresh(actor, idSchema.parse(form.get('id')))
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: 'The refresh is deleted. Its restores stay.', href: '/restores' }
  })
}

export async function runRefreshAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await wantRefresh(actor, id)
    revalidatePath(`/refreshes/${id}`)
    return { message: 'It begins in a few seconds.' }
  })
}
