import { Ban, CircleCheck, CircleX, Clock, Fingerprint, LoaderCircle, type LucideIcon, TimerOff } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { MigrationState } from '@/protocol/migration-link'

const looks: Record<MigrationState, { word: string; tone: Tone; icon: LucideIcon }> = {
  waiting: { word: 'Waits for the host', tone: 'idle', icon: Clock },
  pending: { word: 'To be confirmed', tone: 'warning', icon: Fingerprint },
  beginning: { word: 'Begins', tone: 'running', icon: LoaderCircle },
  restoring: { word: 'Restoring', tone: 'running', icon: LoaderCircle },
  done: { word: 'Restored', tone: 'good', icon: CircleCheck },
  failed: { word: 'Failed', tone: 'bad', icon: CircleX },
  cancelled: { word: 'Cancelled', tone: 'idle', icon: Ban },
  revoked: { word: 'Withdrawn', tone: 'idle', icon: Ban },
  expired: { word: 'Expired', tone: 'idle', icon: TimerOff },
}

/** How far a migration has come, by icon, word and colour. */
export function MigrationBadge({ state }: { state: MigrationState }) {
  const { word, tone, icon: Icon } = looks[state]
  return (
    <Badge tone={tone} data-migration={state}>
      <Icon aria-hidden className={tone === 'running' ? 'animate-spin' : undefined} />
      {word}
    </Badge>
  )
}
