'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelBackup } from '@/core/backups/cancel-backup'
import { pinBackup } from '@/core/backups/pin-backup'
import { unpinBackup } from '@/core/backups/unpin-backup'
import { idSchema } from '@/protocol/names'

export async function cancelBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await cancelBackup(actor, id)
    revalidatePath(`/backups/${id}`)
    return { message: 'Cancelling: the worker stops in a few seconds.' }
  })
}

const pinSchema = z.object({
  id: idSchema,
  reason: z.string().trim().min(1, 'Say why, so that others know when it may go.').max(500, 'At most 500 characters.'),
})

export async function pinBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { id, reason } = pinSchema.parse(Object.fromEntries(form))
    await pinBackup(actor, id, reason)
    revalidatePath(`/backups/${id}`)
    return { message: 'Pinned: retention does not delete it.' }
  })
}

export async function unpinBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await unpinBackup(actor, id)
    revalidatePath(`/backups/${id}`)
    return { message: 'No longer pinned.' }
  })
}
