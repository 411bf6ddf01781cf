import { CircleCheck, CircleHelp, CircleX, Fingerprint } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { isSilent } from '@/core/workers/silence-rules'

type Standing = { state: 'pending' | 'active' | 'revoked'; lastSeenAt: Date | null }

/** How a worker stands: icon, word and colour. */
export function WorkerState({ worker, now }: { worker: Standing; now: Date }) {
  if (worker.state === 'pending')
    return (
      <Badge tone="warning" data-state="pending">
        <Fingerprint aria-hidden />
        Waits for confirmation
      </Badge>
    )
  if (worker.state === 'revoked')
    return (
      <Badge tone="idle" data-state="revoked">
        <CircleX aria-hidden />
        Revoked
      </Badge>
    )
  if (!worker.lastSeenAt)
    return (
      <Badge tone="warning" data-state="never-seen">
        <CircleHelp aria-hidden />
        Not started yet
      </Badge>
    )
  return isSilent(worker.lastSeenAt, now) ? (
    <Badge tone="bad" data-state="silent">
      <CircleX aria-hidden />
      Silent
    </Badge>
  ) : (
    <Badge tone="good" data-state="connected">
      <CircleCheck aria-hidden />
      Connected
    </Badge>
  )
}
