import { type Producer, QueueUnreachable, setProducer } from '@/lib/queue'

export type TestQueue = {
  /** `<prefix> <queue> <job id>` of every job that waits */
  jobs: Set<string>
  /** while true, every call fails as if Redis were away */
  isAway: boolean
}

/** A queue in memory, and the one that `producer()` gives from now on: for rules that do not depend on Redis itself. */
export function openTestQueue(): TestQueue {
  const state: TestQueue = { jobs: new Set(), isAway: false }
  const act = async <T>(answer: () => T): Promise<T> => {
    if (state.isAway) throw new QueueUnreachable('Redis does not answer')
    return answer()
  }
  const keyOf = (...words: string[]) => words.join(' ')
  const producer: Producer = {
    enqueue: (prefix, queue, _name, jobId) => act(() => void state.jobs.add(keyOf(prefix, queue, jobId))),
    isQueued: (prefix, queue, jobId) => act(() => state.jobs.has(keyOf(prefix, queue, jobId))),
    remove: (prefix, queue, jobId) => act(() => void state.jobs.delete(keyOf(prefix, queue, jobId))),
    close: async () => {},
  }
  setProducer(producer)
  return state
}
