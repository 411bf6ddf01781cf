import type { Db, Transaction } from '@/lib/db'
import type { CheckLine } from '@/protocol/restore-check'
import { knowsOlderFiles } from '@/protocol/version'
import { otherInstanceLines, silentWorker } from './check-restore'
import type { OlderFile } from './older-file'
import { olderWords } from './older-words'

type Way = {
  file: OlderFile
  remoteId: string
  worker: { slug: string; hostName: string; instanceId: string; isSilent: boolean; protocol: string }
}

/**
 * What is known before an older file is restored beside: red stops it, amber must be ticked. The worker itself looks at its policy,
 * the folder and the prefix before it writes anything.
 */
export async function olderLines(database: Db | Transaction, { file, remoteId, worker }: Way): Promise<CheckLine[]> {
  const isOther = worker.instanceId !== file.instance.id
  return [
    ...workerLines(worker),
    {
      ...{ name: 'origin', level: 'amber' },
      text: `Nobody signed this file, and there is nothing to compare it with. ${olderWords(file).verified}`,
      action: 'Restore it only if you know where it comes from.',
    },
    ...(isOther ? await otherInstanceLines(database, worker.instanceId, remoteId) : []),
  ]
}

function workerLines(worker: Way['worker']): CheckLine[] {
  if (worker.isSilent) return [silentWorker(worker)]
  if (knowsOlderFiles(worker.protocol)) return []
  return [
    {
      ...{ name: 'worker', level: 'red' },
      text: `The worker ${worker.slug} on ${worker.hostName} is too old to restore files of the older scripts.`,
      action: 'Upgrade Talekeeper on its host, or choose another worker.',
    },
  ]
}
