import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { Severity } from '@/core/incidents/kind-rules'

const looks = {
  critical: { tone: 'bad', icon: CircleAlert },
  warning: { tone: 'warning', icon: TriangleAlert },
  notice: { tone: 'idle', icon: Info },
} as const

export function SeverityBadge({ severity }: { severity: Severity }) {
  const { tone, icon: Icon } = looks[severity]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {severity}
    </Badge>
  )
}
