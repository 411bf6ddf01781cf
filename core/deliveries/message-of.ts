import { changesContentSchema, digestContentSchema } from './content'
import { digestMessage } from './digest-message'
import { changesMessage, type Message } from './message'

/** What a delivery says. */
export function messageOf(delivery: { kind: 'changes' | 'digest'; content: unknown }, publicUrl: string): Message {
  if (delivery.kind === 'digest') return digestMessage(digestContentSchema.parse(delivery.content), publicUrl)
  return changesMessage(changesContentSchema.parse(delivery.content), publicUrl)
}
