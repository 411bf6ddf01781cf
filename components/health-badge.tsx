import { CircleAlert, CirclePause, type LucideIcon, ShieldCheck, ShieldOff } from 'lucide-react'
import { Badge, type Tone } from './ui/badge'

type HealthState = 'unprotected' | 'at risk' | 'paused' | 'protected'

/** How a plan or an instance stands, in the same word, icon and colour everywhere. */
export const healthLooks: Record<HealthState, { word: string; tone: Tone; icon: LucideIcon }> = {
  protected: { word: 'Protected', tone: 'good', icon: ShieldCheck },
  'at risk': { word: 'At risk', tone: 'bad', icon: CircleAlert },
  unprotected: { word: 'Unprotected', tone: 'bad', icon: ShieldOff },
  paused: { word: 'Paused', tone: 'idle', icon: CirclePause },
}

export function HealthBadge({ state }: { state: HealthState }) {
  const { word, tone, icon: Icon } = healthLooks[state]
  return (
    <Badge tone={tone} data-health={state}>
      <Icon aria-hidden />
      {word}
    </Badge>
  )
}
