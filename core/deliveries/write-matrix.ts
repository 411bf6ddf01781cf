import { type Message, shortened } from './message'
import { writeText } from './write-text'

/** An event of Matrix has at most 64 KiB. */
const mostCharacters = 8000

/**
 * A message as an event of Matrix. Without `formatted_body` clients show texts as they are; the empty list of mentions says that no
 * name in them calls anybody.
 */
export function writeMatrix(message: Message) {
  const body = shortened(`${message.subject}\n\n${writeText(message)}`.trimEnd(), mostCharacters)
  return { msgtype: 'm.text', body, 'm.mentions': {} }
}
