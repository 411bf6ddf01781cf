import type { HealthState } from '@/core/health/judge'
import { stateWords } from './public-status'

/** White on each has a contrast of at least 4.5. */
const colours: Record<HealthState, string> = {
  protected: '#067647',
  paused: '#475467',
  'at risk': '#b54708',
  unprotected: '#b42318',
}
const label = 'backups'
const letterPixels = 7
const paddingPixels = 10

/** `backups | protected` as an SVG, for a wiki or a README. It holds nothing but the state. */
export function writeBadge(state: HealthState): string {
  const { word } = stateWords[state]
  const left = label.length * letterPixels + paddingPixels * 2
  const right = word.length * letterPixels + paddingPixels * 2
  const width = left + right
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${word}">
<title>${label}: ${word}</title>
<clipPath id="c"><rect width="${width}" height="20" rx="4"/></clipPath>
<g clip-path="url(#c)"><rect width="${left}" height="20" fill="#344054"/><rect x="${left}" width="${right}" height="20" fill="${colours[state]}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="${left / 2}" y="14">${label}</text><text x="${left + right / 2}" y="14">${word}</text>
</g>
</svg>
`
}
