'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { createChannel } from '@/core/channels/create-channel'
import { deleteChannel } from '@/core/channels/delete-channel'
import { updateChannel } from '@/core/channels/update-channel'
import { testChannel } from '@/core/deliveries/test-channel'
import { idSchema } from '@/protocol/names'
import { parseChannelForm } from './channel-form-data'

export async function createChannelAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const input = parseChannelForm(form)
    await createChannel(actor, input)
    revalidatePath('/alerts')
    return { message: `Alerts go to “${input.name}” from now on.`, href: '/alerts' }
  })
}

export async function updateChannelAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await updateChannel(actor, idSchema.parse(form.get('id')), parseChannelForm(form))
    revalidatePath('/alerts')
    return { message: 'The changes are saved.' }
  })
}

export async function deleteChannelAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deleteChannel(actor, idSchema.parse(form.get('id')))
    return { message: 'The channel is removed.', href: '/alerts' }
  })
}

/** Sends the example message to what stands in the form; takes as long as the other side does, at most half a minute or so. */
export async function testChannelAction(form: FormData): Promise<ActionResult<{ answer: string }>> {
  return runAction('administer', async () => {
    const savedId = idSchema.nullable().parse(form.get('id'))
    return { answer: await testChannel(parseChannelForm(form), savedId) }
  })
}
