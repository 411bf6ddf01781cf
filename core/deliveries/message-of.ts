import { changesContentSchema } from './content'
import { changesMessage, type Message } from './message'

/** What a delivery says. */
export function messageOf({ content }: { content: unknown }, publicUrl: string): Message {
  return changesMessage(changesContentSchema.parse(content), publicUrl)
}
