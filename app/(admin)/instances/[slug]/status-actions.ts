'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { makeStatusLink } from '@/core/status-page/make-status-link'
import { removeStatusLink } from '@/core/status-page/remove-status-link'
import { slugSchema } from '@/protocol/names'

export async function makeStatusLinkAction(
  _previous: ActionResult<{ link: string }> | null,
  form: FormData,
): Promise<ActionResult<{ link: string }>> {
  return runAction('administer', async (actor) => {
    const slug = slugSchema.parse(form.get('slug'))
    const link = await makeStatusLink(actor, slug)
    revalidatePath(`/instances/${slug}`)
    return { link }
  })
}

export async function removeStatusLinkAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const slug = slugSchema.parse(form.get('slug'))
    await removeStatusLink(actor, slug)
    revalidatePath(`/instances/${slug}`)
    return { message: 'The status page is off. Its link leads nowhere any more.' }
  })
}
