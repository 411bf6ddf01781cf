import { StatusBadge } from '@/components/status-badge'
import type { Phase } from '@/protocol/events'
import { type LiveShare, stagesOf } from './live-run'
import { StageTimeline } from './stage-timeline'

const completing: readonly Phase[] = ['go', 'manifest']

/** The stages of a backup that several workers make, one after the other. */
export function WorkerStages({ shares, order, now }: { shares: LiveShare[]; order: readonly Phase[]; now: number }) {
  return (
    <ol className="space-y-6" aria-label="Workers">
      {shares.map((share) => (
        <li key={share.worker} className="space-y-3">
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <span className="font-medium">{share.worker}</span>
            <StatusBadge state={share.state} />
          </p>
          <StageTimeline
            stages={stagesOf(
              share.completes ? order : order.filter((phase) => !completing.includes(phase)),
              share,
              now,
            )}
          />
        </li>
      ))}
    </ol>
  )
}
