import type { Severity } from '@/core/incidents/kind-rules'
import { bytesInWords, momentInWords, spanInWords } from '@/core/incidents/words'
import type { DigestContent } from './content'
import { type Message, type MessageEntry, oneLine, shortened } from './message'

const mostOpen = 20

/** Each instance's truth in a line, what its runs became, and what is open. */
export function digestMessage({ period, until, instances, open, closed }: DigestContent, publicUrl: string): Message {
  const now = new Date(until)
  const unwell = instances.filter(({ state }) => state === 'at risk' || state === 'unprotected')
  const verdict =
    instances.length === 0
      ? 'no instance'
      : unwell.length === 0
        ? 'all is well'
        : `${unwell.length === 1 ? 'one instance needs' : `${unwell.length} instances need`} a look`
  const worst = (['critical', 'warning'] as const).find((severity) => open.some((one) => one.severity === severity))
  return {
    subject: shortened(`${period === 'week' ? 'Weekly' : 'Daily'} digest: ${verdict}`, 150),
    severity: worst ?? null,
    intro: `Until ${momentInWords(now)}. ${open.length} open ${open.length === 1 ? 'incident' : 'incidents'}, ${closed} closed in this ${period}.`,
    entries: [...instances.map((instance) => instanceEntry(instance, now, publicUrl)), ...openEntries(open, publicUrl)],
    more: open.length > mostOpen ? `${open.length - mostOpen} more are on the page of incidents.` : null,
    link: { words: 'Open the incidents', url: `${publicUrl}/incidents` },
  }
}

const severityOf = { unprotected: 'critical', 'at risk': 'critical', paused: 'notice', protected: null } as const

function instanceEntry(instance: DigestContent['instances'][number], now: Date, publicUrl: string): MessageEntry {
  const { name, environment, state, newestGoodAt, good, failed, bytes, bytesOnRemotes, findings } = instance
  const newest = newestGoodAt
    ? `${spanInWords(now.getTime() - Date.parse(newestGoodAt))} ago (${momentInWords(new Date(newestGoodAt))})`
    : 'none'
  return {
    headline: oneLine(`${name} (${environment}): ${state}`),
    severity: severityOf[state],
    lines: [
      { label: 'Newest good backup', text: newest },
      { label: 'Runs', text: `${good} good, ${failed} failed, ${bytesInWords(bytes)} written` },
      { label: 'On remotes', text: bytesInWords(bytesOnRemotes) },
      ...findings.map((text) => ({ label: 'At risk', text: oneLine(text) })),
    ],
    url: publicUrl,
  }
}

function openEntries(open: { severity: Severity; title: string; since: string }[], publicUrl: string): MessageEntry[] {
  return open.slice(0, mostOpen).map(({ severity, title, since }) => ({
    headline: oneLine(`Open: ${title}`),
    severity,
    lines: [{ label: 'Since', text: momentInWords(new Date(since)) }],
    url: `${publicUrl}/incidents`,
  }))
}
