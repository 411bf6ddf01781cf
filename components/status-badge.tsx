import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  TriangleAlert,
} from 'lucide-react'
import { Badge, type Tone } from './ui/badge'

export const runStates = [
  'queued',
  'running',
  'succeeded',
  'warning',
  'failed',
  'cancelled',
  'lost',
  'skipped',
] as const
export type RunState = (typeof runStates)[number]

const looks: Record<RunState, { word: string; tone: Tone; icon: LucideIcon; spin?: boolean }> = {
  queued: { word: 'Queued', tone: 'idle', icon: Clock },
  running: { word: 'Running', tone: 'running', icon: LoaderCircle, spin: true },
  succeeded: { word: 'Succeeded', tone: 'good', icon: CircleCheck },
  warning: { word: 'With warnings', tone: 'warning', icon: TriangleAlert },
  failed: { word: 'Failed', tone: 'bad', icon: CircleX },
  cancelled: { word: 'Cancelled', tone: 'idle', icon: Ban },
  lost: { word: 'Lost', tone: 'bad', icon: CircleHelp },
  skipped: { word: 'Skipped', tone: 'idle', icon: SkipForward },
}

/** How a run stands: icon, word and colour, so that colour is never alone. */
export function StatusBadge({ state }: { state: RunState }) {
  const { word, tone, icon: Icon, spin } = looks[state] ?? { word: state, tone: 'idle', icon: CircleDashed }
  return (
    <Badge tone={tone} data-state={state}>
      <Icon aria-hidden className={spin ? 'animate-spin' : undefined} />
      {word}
    </Badge>
  )
}
