import type { ChangesContent, Entry } from './content'

const hour = 3_600_000

/** What a test sends and the preview shows: an incident as it opens, and one that recovered. Nothing of it is true. */
export function sampleContent(now: Date): ChangesContent {
  const ago = (hours: number) => new Date(now.getTime() - hours * hour).toISOString()
  const common = {
    ...{ at: now.toISOString(), href: '/incidents', ending: null, isBrief: false },
    instances: [{ id: '00000000-0000-4000-8000-000000000001', name: 'Example', environment: 'testing' as const }],
  }
  const overdue: Entry = {
    ...{ ...common, change: 'opened', incidentId: '00000000-0000-4000-8000-000000000002', kind: 'backup-overdue' },
    ...{ severity: 'critical', title: '“nightly” of Example is overdue', since: ago(3) },
    text: `This is an example. A good backup was due three hours ago and is not there.`,
    meaning: 'If the data were lost now, the work of the last day would be lost.',
    action: 'Nothing: it only shows how such a message looks.',
  }
  const recovered: Entry = {
    ...{ ...common, change: 'closed', ending: 'recovered', kind: 'worker-silent', severity: 'critical' },
    ...{ incidentId: '00000000-0000-4000-8000-000000000003', title: 'The worker “fileserver” of Example is silent' },
    ...{ text: 'This is an example. It was last heard of two hours ago.', since: ago(2), meaning: '', action: '' },
  }
  return { entries: [overdue, recovered], leftOut: 0 }
}
