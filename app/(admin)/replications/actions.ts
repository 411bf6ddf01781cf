'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { cancelReplication } from '@/core/replications/cancel-replication'
import { requestReplication } from '@/core/replications/request-replication'
import { idSchema } from '@/protocol/names'

const copySchema = z.object({ backupId: idSchema, remoteId: idSchema })

export async function copyBackupAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const input = copySchema.parse(Object.fromEntries(form))
    await requestReplication(actor, input)
    revalidatePath(`/backups/${input.backupId}`)
    return { message: 'A worker copies it as soon as it has nothing else to do.' }
  })
}

const cancelSchema = z.object({ replicationId: idSchema, backupId: idSchema })

export async function cancelReplicationAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { replicationId, backupId } = cancelSchema.parse(Object.fromEntries(form))
    await cancelReplication(actor, replicationId)
    revalidatePath(`/backups/${backupId}`)
    return { message: 'Cancelling: the worker stops in a few seconds.' }
  })
}
