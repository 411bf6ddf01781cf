import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { channelColumns } from './channel-columns'
import { mergeChannelSecrets, sealChannel, unsealChannel } from './channel-secrets'
import { findChannel } from './find-channel'
import { withFreeName } from './name-taken'
import type { ChannelInput } from './schema'

/**
 * Changes a channel; its kind stays, and secrets that are left empty are kept. What waits to be sent is tried again at once.
 * Throws Problem `not-found`, `name-taken`, `secret-missing`, `kind-fixed`.
 */
export async function updateChannel(actor: Actor, id: string, input: ChannelInput): Promise<void> {
  await withFreeName(input.name, () =>
    db().$transaction(async (transaction) => {
      const saved = await findChannel(transaction, id)
      if (saved.kind !== input.kind)
        throw new Problem({
          code: 'kind-fixed',
          text: 'The kind of a channel cannot be changed.',
          action: 'Make another channel.',
        })
      const secrets = mergeChannelSecrets(unsealChannel(saved), input)
      const columns = channelColumns(input, secrets)
      await transaction.channel.update({ where: { id }, data: { ...columns, secrets: sealChannel(id, secrets) } })
      await transaction.delivery.updateMany({
        where: { channelId: id, state: 'waiting' },
        data: { nextAttemptAt: null },
      })
      await recordAuditEvent(transaction, {
        actor,
        action: 'channel.edit',
        subject: { kind: 'channel', id },
        detail: { name: input.name, place: columns.settings.place, paused: input.paused },
      })
    }),
  )
}
