import type { Environment } from '@/protocol/names'
import { Badge } from './ui/badge'

const looks = {
  production: { word: 'Production', tone: 'accent' },
  testing: { word: 'Testing', tone: 'idle' },
  development: { word: 'Development', tone: 'idle' },
} as const

export function EnvironmentBadge({ environment }: { environment: Environment }) {
  const { word, tone } = looks[environment]
  return <Badge tone={tone}>{word}</Badge>
}
