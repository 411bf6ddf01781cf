import { Clock, LoaderCircle, type LucideIcon, Pause, TimerOff } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { RefreshStanding } from '@/core/refreshes/get-refresh'

const looks: Record<RefreshStanding, { word: string; tone: Tone; icon: LucideIcon }> = {
  waiting: { word: 'Waits for its time', tone: 'idle', icon: Clock },
  beginning: { word: 'Begins', tone: 'running', icon: LoaderCircle },
  'at-work': { word: 'Restoring', tone: 'running', icon: LoaderCircle },
  late: { word: 'Did not begin', tone: 'bad', icon: TimerOff },
  paused: { word: 'Paused', tone: 'idle', icon: Pause },
}

/** How a refresh stands, by icon, word and colour. */
export function RefreshBadge({ standing }: { standing: RefreshStanding }) {
  const { word, tone, icon: Icon } = looks[standing]
  return (
    <Badge tone={tone} data-refresh={standing}>
      <Icon aria-hidden className={tone === 'running' ? 'animate-spin' : undefined} />
      {word}
    </Badge>
  )
}
