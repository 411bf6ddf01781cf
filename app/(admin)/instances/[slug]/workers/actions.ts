'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { lines, pathLines } from '@/app/path-lines'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { findInstance } from '@/core/instances/find-instance'
import { confirmWorker, confirmWorkerSchema } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { controlPlaneEnv } from '@/lib/env'
import { mongodbContainerSchema } from '@/protocol/mongodb-container'
import { idSchema, slugSchema } from '@/protocol/names'
import { enrolCommand } from './enrol-command'

export type MadeEnrolment = { enrolmentId: string; expiresAt: string; command: string }

const imageLines = lines.pipe(z.array(mongodbContainerSchema.shape.image).max(20, 'At most 20 images.'))

const enrolFormSchema = z.object({
  workerSlug: slugSchema,
  sourceRoots: pathLines,
  restoreRoots: pathLines,
  localRemoteRoots: pathLines,
  mongodb: z.literal('on').optional(),
  mongodbImages: imageLines,
})

export async function makeEnrolmentAction(
  instanceSlug: string,
  _previous: ActionResult<MadeEnrolment> | null,
  form: FormData,
): Promise<ActionResult<MadeEnrolment>> {
  return runAction('administer', async (actor) => {
    const { workerSlug, mongodb, ...roots } = enrolFormSchema.parse(Object.fromEntries(form))
    const instance = await findInstance(instanceSlug)
    const { enrolmentId, token, expiresAt } = await makeEnrolment(actor, { instanceId: instance.id, workerSlug })
    const { publicUrl } = controlPlaneEnv()
    return {
      enrolmentId,
      expiresAt: expiresAt.toISOString(),
      command: enrolCommand({ url: publicUrl, token, mongodb: mongodb === 'on', ...roots }),
    }
  })
}

export async function confirmWorkerAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await confirmWorker(actor, confirmWorkerSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message: 'The worker is confirmed.' }
  })
}

export async function revokeWorkerAction(
  instanceSlug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await revokeWorker(actor, idSchema.parse(form.get('workerId')))
    revalidatePath('/', 'layout')
    return { message: 'The worker is revoked.', href: `/instances/${instanceSlug}` }
  })
}
