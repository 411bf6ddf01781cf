import type { Phase } from '@/protocol/events'

/** What people read for a phase of a run. */
export const phaseWords: Record<Phase, string> = {
  preflight: 'Check first',
  mongodb: 'MongoDB',
  files: 'Files',
  config: 'Configuration',
  verify: 'Verify',
  go: 'Go-ahead',
  manifest: 'Complete',
  fetch: 'Fetch',
  compare: 'Compare',
  swap: 'Exchange',
  delete: 'Delete',
  look: 'Look',
  parts: 'Copy parts',
}
