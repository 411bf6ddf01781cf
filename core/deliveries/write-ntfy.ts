import type { Severity } from '@/core/incidents/kind-rules'
import { type Message, shortened } from './message'
import { writeText } from './write-text'

/** https://docs.ntfy.sh/publish/#publish-as-json: 5 is the highest, 3 the usual */
const priorities: Record<Severity | 'well', number> = { critical: 5, warning: 4, notice: 2, well: 3 }
const tags: Record<Severity | 'well', string> = {
  critical: 'rotating_light',
  warning: 'warning',
  notice: 'information_source',
  well: 'white_check_mark',
}
/** ntfy makes an attachment of what is longer than 4 KiB. */
const mostCharacters = 1200

/** A message as JSON for ntfy. Without `markdown` it shows texts as they are. */
export function writeNtfy(topic: string, message: Message) {
  const severity = message.severity ?? 'well'
  return {
    ...{ topic, title: message.subject, message: shortened(writeText(message), mostCharacters) },
    ...{ priority: priorities[severity], tags: [tags[severity]], click: message.link.url },
  }
}
