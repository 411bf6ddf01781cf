import type { ProblemFacts } from '@/protocol/problem'

/** The answer to a question that never came. */
export const unreachable: ProblemFacts = {
  code: 'unreachable',
  text: 'The dashboard does not answer.',
  action: 'Try again in a moment.',
}
