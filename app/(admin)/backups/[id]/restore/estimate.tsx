import { Clock } from 'lucide-react'
import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { Notice } from '@/components/ui/notice'
import type { Pace } from '@/core/restores/estimate-duration'
import type { Chosen } from './restore-wizard'

/** Programs must start, and a worker looks for what to do every few seconds. */
const leastSeconds = 15

/** How long it will take, by what was measured before. */
export function Estimate({ resolved, pace }: { resolved: Chosen; pace: Pace | null }) {
  const { fetchBytes, entries, isNothing, remotes, remoteId } = resolved
  if (isNothing) return null
  const remote = remotes.find(({ id }) => id === remoteId)?.name ?? 'the remote'
  const seconds = pace ? leastSeconds + fetchBytes / pace.bytesPerSecond : null
  return (
    <Notice icon={<Clock aria-hidden />} data-estimate>
      <p className="font-medium text-text">
        {seconds === null ? 'How long it takes was not measured yet' : `About ${formatDuration(seconds)}`},{' '}
        {formatBytes(fetchBytes)} to read from {remote}
      </p>
      <p>
        {pace
          ? `This worker made ${formatBytes(pace.bytesPerSecond)}/s in its last ${pace.count === 1 ? word(pace) : `${pace.count} ${word(pace)}s`} ${pace.from === 'restores' ? 'from' : 'to'} there, comparison and all.`
          : 'This worker has neither restored from there nor backed up to it.'}
        {entries.length > 0 && ' Files that hard links lead to outside of what is chosen come in addition.'}
      </p>
    </Notice>
  )
}

function word({ from }: Pace): string {
  return from === 'restores' ? 'restore' : 'backup'
}
