'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import { currentSessionId } from '@/app/session-id'
import type { ActionResult } from '@/components/form/action-result'
import { beginConnect } from '@/core/connections/begin-connect'
import { checkConnection } from '@/core/connections/check-connection'
import { connectByPaste } from '@/core/connections/connect-by-paste'
import { createServiceConnection, replaceServiceKey } from '@/core/connections/connect-by-service'
import { createConnection } from '@/core/connections/create-connection'
import { deleteConnection } from '@/core/connections/delete-connection'
import { disconnect } from '@/core/connections/disconnect'
import { editInputSchema, personInputSchema, serviceInputSchema } from '@/core/connections/schema'
import { updateConnection } from '@/core/connections/update-connection'
import { idSchema } from '@/protocol/names'

type Previous = ActionResult | null

export async function createConnectionAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { id } = await createConnection(actor, personInputSchema.parse(Object.fromEntries(form)))
    return { message: 'Saved. Now connect it.', href: `/connections/${id}` }
  })
}

export async function createServiceConnectionAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { id } = await createServiceConnection(actor, serviceInputSchema.parse(Object.fromEntries(form)))
    return { message: 'Connected.', href: `/connections/${id}` }
  })
}

export async function updateConnectionAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await updateConnection(actor, id, editInputSchema.parse(Object.fromEntries(form)))
    revalidatePath(`/connections/${id}`)
    return { message: 'The changes are saved.' }
  })
}

/** Sends the browser to the provider. */
export async function connectAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async () => {
    const { url } = await beginConnect(await currentSessionId(), idSchema.parse(form.get('id')))
    return { href: url }
  })
}

/** The provider's sign-in page, for a browser that cannot come back here by itself. */
export async function beginPasteAction(
  _previous: ActionResult<{ url: string }> | null,
  form: FormData,
): Promise<ActionResult<{ url: string }>> {
  return runAction('administer', async () =>
    beginConnect(await currentSessionId(), idSchema.parse(form.get('id')), 'paste'),
  )
}

export async function pasteAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await connectByPaste(actor, await currentSessionId(), id, String(form.get('pasted') ?? ''))
    revalidatePath(`/connections/${id}`)
    return { message: 'Connected.', href: `/connections/${id}` }
  })
}

export async function replaceKeyAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await replaceServiceKey(actor, id, String(form.get('service') ?? ''), String(form.get('key') ?? ''))
    revalidatePath(`/connections/${id}`)
    return { message: 'The new key file works and is saved.', href: `/connections/${id}` }
  })
}

export async function checkConnectionAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async () => {
    const id = idSchema.parse(form.get('id'))
    try {
      await checkConnection(id)
    } finally {
      revalidatePath(`/connections/${id}`)
    }
    return { message: 'The provider answers as it should.' }
  })
}

export async function disconnectAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    const { toDoByHand } = await disconnect(actor, id)
    revalidatePath(`/connections/${id}`)
    return {
      message: toDoByHand
        ? `Disconnected here. The provider was not told; to end it there too: ${toDoByHand}`
        : 'Disconnected, here and at the provider.',
    }
  })
}

export async function deleteConnectionAction(_previous: Previous, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deleteConnection(actor, idSchema.parse(form.get('id')))
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: 'The connection is removed from Talekeeper.', href: '/connections' }
  })
}
