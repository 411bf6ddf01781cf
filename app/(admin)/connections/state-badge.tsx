import { CircleCheck, CircleDashed, CircleX, TriangleAlert, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '@/components/ui/badge'

export type ConnectionStateName = 'entered' | 'connected' | 'reconnectNeeded' | 'disconnected'

const looks: Record<ConnectionStateName, { tone: Tone; icon: ReactNode; text: string }> = {
  entered: { tone: 'idle', icon: <CircleDashed aria-hidden />, text: 'Not connected yet' },
  connected: { tone: 'good', icon: <CircleCheck aria-hidden />, text: 'Connected' },
  reconnectNeeded: { tone: 'bad', icon: <CircleX aria-hidden />, text: 'Reconnect needed' },
  disconnected: { tone: 'idle', icon: <Unplug aria-hidden />, text: 'Disconnected' },
}

/** How a connection stands; connected with a problem is connected that does not answer at this time. */
export function ConnectionStateBadge({
  state,
  hasProblem = false,
}: {
  state: ConnectionStateName
  hasProblem?: boolean
}) {
  const isShaky = state === 'connected' && hasProblem
  const { tone, icon, text } = isShaky
    ? { tone: 'warning' as const, icon: <TriangleAlert aria-hidden />, text: 'Provider does not answer' }
    : looks[state]
  return (
    <Badge tone={tone}>
      {icon}
      {text}
    </Badge>
  )
}
