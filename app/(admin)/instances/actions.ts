'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { createInstance } from '@/core/instances/create-instance'
import { deleteInstance } from '@/core/instances/delete-instance'
import { createInstanceSchema, deleteInstanceSchema, updateInstanceSchema } from '@/core/instances/schema'
import { updateInstance } from '@/core/instances/update-instance'

export async function createInstanceAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { slug, name } = await createInstance(actor, createInstanceSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message: `${name} is registered.`, href: `/instances/${slug}` }
  })
}

export async function updateInstanceAction(
  slug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await updateInstance(actor, slug, updateInstanceSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message: 'Saved.', href: `/instances/${slug}` }
  })
}

export async function deleteInstanceAction(
  slug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { typedName } = deleteInstanceSchema.parse(Object.fromEntries(form))
    await deleteInstance(actor, slug, typedName)
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: `${slug} is deleted.`, href: '/instances' }
  })
}
