import { type Answer, askWorker } from '@/core/asks/ask-worker'

export type HostKeys = Answer<'scan-host-key'>

const answerSeconds = 30

/** The keys that an SSH server shows to a worker, to be compared and pinned. Throws Problem of askWorker, or the worker's. */
export function scanHostKey(workerId: string, place: { host: string; port: string }): Promise<HostKeys> {
  return askWorker(workerId, { question: 'scan-host-key', ...place }, answerSeconds)
}
