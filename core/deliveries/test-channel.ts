import { randomUUID } from 'node:crypto'
import { channelColumns } from '@/core/channels/channel-columns'
import { mergeChannelSecrets, unsealChannel } from '@/core/channels/channel-secrets'
import { findChannel } from '@/core/channels/find-channel'
import type { ChannelInput } from '@/core/channels/schema'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'
import { changesMessage } from './message'
import { sampleContent } from './sample-content'
import { NotDelivered, sendMessage } from './send-message'

/**
 * Sends the example message to what stands in the form, saved or not, and resolves to the other side's answer. Throws Problem
 * `not-delivered` with that answer, `secret-missing`.
 */
export async function testChannel(input: ChannelInput, savedId: string | null, now = new Date()): Promise<string> {
  const saved = savedId ? unsealChannel(await findChannel(db(), savedId)) : {}
  const secrets = mergeChannelSecrets(saved, input)
  const id = randomUUID()
  const content = sampleContent(now)
  const sample = changesMessage(content, controlPlaneEnv().publicUrl)
  const message = { ...sample, subject: `Test: ${sample.subject}` }
  const place = { id, kind: input.kind, settings: channelColumns(input, secrets).settings, secrets }
  try {
    return await sendMessage(place, { id, kind: 'test', createdAt: now, attempt: 1, message, content })
  } catch (error) {
    if (!(error instanceof NotDelivered)) throw error
    throw new Problem({
      code: 'not-delivered',
      text: `It was not taken: ${error.message}`,
      action: 'Correct the settings, then test again.',
    })
  }
}
