import { type Answer, askWorker } from '@/core/asks/ask-worker'
import type { Backend } from '@/protocol/remotes'

export type BackendDescription = Answer<'list-backends'>
export type BackendOption = BackendDescription['options'][number]

const answerSeconds = 20

/** What the rclone of a worker says of a backend and those of its options that are passed on. Throws Problem of askWorker. */
export function describeBackend(workerId: string, backend: Backend): Promise<BackendDescription> {
  return askWorker(workerId, { question: 'list-backends', backend }, answerSeconds)
}
