import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'

/** What was read is not what the index says was backed up. */
export function contentDiffers(path: Uint8Array, how: string): Problem {
  return new Problem({
    code: 'content-differs',
    text: `The download was ended: ${how}.`,
    action: 'Throw away what has arrived, try another backup, and let this one be checked.',
    where: displayName(path).slice(0, 1000),
  })
}
