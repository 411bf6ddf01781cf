'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelInspection } from '@/core/inspections/cancel-inspection'
import { requestAdoption } from '@/core/inspections/request-adoption'
import { requestListing } from '@/core/inspections/request-listing'
import { requestReadBack } from '@/core/inspections/request-read-back'
import { idSchema } from '@/protocol/names'

const readBackSchema = z.object({ backupId: idSchema, remoteId: idSchema })
const placeSchema = z.object({ instanceId: idSchema, remoteId: idSchema })

export async function verifyBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const input = readBackSchema.parse(Object.fromEntries(form))
    await requestReadBack(actor, input)
    revalidatePath(`/backups/${input.backupId}`)
    return { message: 'The worker reads every part back.' }
  })
}

export async function checkRemoteAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const place = placeSchema.parse(Object.fromEntries(form))
    await requestListing(actor, place)
    revalidatePath(`/remotes/${place.remoteId}`)
    return { message: 'A worker looks at what lies there.' }
  })
}

export async function adoptBackupsAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const place = placeSchema.parse(Object.fromEntries(form))
    await requestAdoption(actor, place)
    revalidatePath(`/remotes/${place.remoteId}`)
    return { message: 'The worker hands in what it found.' }
  })
}

const cancelSchema = z.object({ inspectionId: idSchema })

export async function cancelInspectionAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { inspectionId } = cancelSchema.parse(Object.fromEntries(form))
    await cancelInspection(actor, inspectionId)
    return { message: 'Cancelling: the worker stops in a few seconds.' }
  })
}
