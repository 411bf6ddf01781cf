'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelRestore } from '@/core/restores/cancel-restore'
import { requestDiscard } from '@/core/restores/request-discard'
import { requestRestore } from '@/core/restores/request-restore'
import { absolutePathSchema, idSchema } from '@/protocol/names'

const emptyIsNull = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === undefined ? null : value), schema.nullable())

const formSchema = z.object({
  backupId: idSchema,
  remoteId: emptyIsNull(idSchema),
  workerId: idSchema,
  folder: emptyIsNull(absolutePathSchema),
  reason: emptyIsNull(z.string().trim().max(500, 'At most 500 characters.')),
  artifacts: z.array(z.string().max(100)).min(1, 'Choose what to restore.'),
  /** all that the backup has is chosen */
  isAll: z.boolean(),
  mongodbSourceId: emptyIsNull(idSchema),
})

export async function requestRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { isAll, artifacts, ...request } = formSchema.parse({
      ...Object.fromEntries(form),
      artifacts: form.getAll('artifacts'),
      isAll: form.getAll('artifacts').length === Number(form.get('artifactCount')),
    })
    const { restoreId } = await requestRestore(actor, { ...request, artifacts: isAll ? null : artifacts })
    return { message: 'The restore is requested.', href: `/restores/${restoreId}` }
  })
}

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
