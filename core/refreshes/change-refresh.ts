import type { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Prisma } from '@/lib/db'
import { findRefresh } from './find-refresh'
import type { editRefreshSchema } from './schema'

/** Gives a refresh another schedule; times of it that are over are not caught up. Throws Problem `not-found`. */
export async function editRefresh(
  actor: Actor,
  { id, cron, timeZone }: z.output<typeof editRefreshSchema>,
  now = new Date(),
): Promise<void> {
  await change(actor, id, 'refresh.edit', { cron, timeZone, scheduledFrom: now })
}

/** Nothing begins by its schedule until it is resumed; a restore that is going on goes on. Throws Problem `not-found`. */
export async function pauseRefresh(actor: Actor, id: string): Promise<void> {
  await change(actor, id, 'refresh.pause', { paused: true })
}

/** Its schedule counts again from now on. Throws Problem `not-found`. */
export async function resumeRefresh(actor: Actor, id: string, now = new Date()): Promise<void> {
  await change(actor, id, 'refresh.resume', { paused: false, scheduledFrom: now })
}

/** Its restores stay, with what the last one keeps beside. Throws Problem `not-found`. */
export async function deleteRefresh(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { instanceId } = await findRefresh(transaction, id)
    await transaction.refresh.delete({ where: { id } })
    const subject = { kind: 'refresh', id }
    await recordAuditEvent(transaction, { actor, action: 'refresh.delete', subject, instanceId })
  })
}

async function change(
  actor: Actor,
  id: string,
  action: string,
  data: Pick<Prisma.RefreshUpdateInput, 'cron' | 'timeZone' | 'paused' | 'scheduledFrom'>,
): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { instanceId } = await findRefresh(transaction, id)
    await transaction.refresh.update({ where: { id }, data })
    const { cron, timeZone } = data
    await recordAuditEvent(transaction, {
      ...{ actor, action, subject: { kind: 'refresh', id }, instanceId },
      ...(cron && { detail: { cron: String(cron), timeZone: String(timeZone) } }),
    })
  })
}
