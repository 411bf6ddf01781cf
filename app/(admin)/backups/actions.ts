'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { endOfDay, optionalDaySchema } from '@/app/optional-day'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelBackup } from '@/core/backups/cancel-backup'
import { deleteBackup } from '@/core/backups/delete-backup'
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
  until: optionalDaySchema,
})

export async function pinBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { id, reason, until } = pinSchema.parse(Object.fromEntries(form))
    await pinBackup(actor, id, { reason, until: until ? endOfDay(until) : null })
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

const deleteSchema = z.object({
  id: idSchema,
  typedName: z.string().trim().max(200),
  lastGood: z.literal('on').optional(),
})

export async function deleteBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const { id, typedName, lastGood } = deleteSchema.parse(Object.fromEntries(form))
    await deleteBackup(actor, { backupId: id, typedName, lastGood: lastGood === 'on' })
    revalidatePath(`/backups/${id}`)
    return { message: 'The worker deletes it from the remote as soon as it is free.' }
  })
}
