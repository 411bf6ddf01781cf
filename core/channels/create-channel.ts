import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { channelColumns } from './channel-columns'
import { mergeChannelSecrets, sealChannel } from './channel-secrets'
import { withFreeName } from './name-taken'
import type { ChannelInput } from './schema'

/** Saves a new channel, its secrets sealed. Throws Problem `name-taken`, `secret-missing`. */
export async function createChannel(actor: Actor, input: ChannelInput): Promise<{ id: string }> {
  const id = randomUUID()
  const secrets = mergeChannelSecrets({}, input)
  const columns = channelColumns(input, secrets)
  await withFreeName(input.name, () =>
    db().$transaction(async (transaction) => {
      await transaction.channel.create({
        data: { id, kind: input.kind, ...columns, secrets: sealChannel(id, secrets) },
      })
      await recordAuditEvent(transaction, {
        actor,
        action: 'channel.create',
        subject: { kind: 'channel', id },
        detail: { name: input.name, kind: input.kind, place: columns.settings.place },
      })
    }),
  )
  return { id }
}
