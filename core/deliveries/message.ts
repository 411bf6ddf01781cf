import type { Severity } from '@/core/incidents/kind-rules'
import { momentInWords, spanInWords } from '@/core/incidents/words'
import type { ChangesContent, Entry } from './content'

/** What a message says, whatever it is written in. All texts are plain and of one line; each writer escapes them for its medium. */
export type Message = {
  subject: string
  /** null: it tells of nothing wrong any more */
  severity: Severity | null
  intro: string
  entries: MessageEntry[]
  /** under the entries: what is not shown here */
  more: string | null
  link: { words: string; url: string }
}

export type MessageEntry = {
  headline: string
  /** decides the colour; null: all is well again */
  severity: Severity | null
  lines: { label: string; text: string }[]
  url: string
}

const mostSubjectCharacters = 150
/** A message shows so many in full; the others by their headline. */
const mostInFull = 10

const severityWords: Record<Severity, string> = { critical: 'Critical', warning: 'Warning', notice: 'Notice' }

export function changesMessage({ entries, leftOut }: ChangesContent, publicUrl: string): Message {
  const sorted = entries.toSorted((a, b) => rankOf(b) - rankOf(a))
  const worst = sorted[0]
  const count = entries.length + leftOut
  return {
    subject: subjectOf(sorted, count),
    severity: worst ? severityOf(worst) : null,
    intro: count === 1 ? '' : `${countsInWords(entries)}.`,
    entries: sorted.map((entry, index) => toMessageEntry(entry, publicUrl, index < mostInFull)),
    more: leftOut > 0 ? `${leftOut} more are on the page of incidents.` : null,
    link: { words: 'Open the incidents', url: `${publicUrl}/incidents` },
  }
}

function subjectOf(sorted: Entry[], count: number): string {
  const [first] = sorted
  if (!first) return 'Nothing to tell'
  const text = count === 1 ? headlineOf(first) : `${countsInWords(sorted)}: ${oneLine(first.title)}`
  return shortened(text, mostSubjectCharacters)
}

/** `2 critical, 1 warning, 3 recovered` */
function countsInWords(entries: Entry[]): string {
  const open = entries.filter(({ change }) => change !== 'closed')
  const counts = (['critical', 'warning', 'notice'] as const).map((severity) => [
    open.filter((entry) => entry.severity === severity).length,
    severity,
  ])
  const closed = entries.filter(({ change }) => change === 'closed')
  const recovered = closed.filter(({ ending }) => ending === 'recovered').length
  return [...counts, [recovered, 'recovered'], [closed.length - recovered, 'over']]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
}

export function headlineOf(entry: Entry): string {
  const title = oneLine(entry.title)
  const lasted = spanInWords(Date.parse(entry.at) - Date.parse(entry.since))
  switch (entry.change) {
    case 'opened':
      return `${severityWords[entry.severity]}: ${title}`
    case 'worsened':
      return `Now ${entry.severity}: ${title}`
    case 'returned':
      return `Back again: ${title}`
    case 'reminded':
      return `Still so after ${lasted}: ${title}`
    case 'closed':
      return `${endingWords[entry.ending ?? 'over'](lasted)}: ${title}`
  }
}

const endingWords = {
  recovered: (lasted: string) => `Recovered after ${lasted}`,
  over: (lasted: string) => `Over after ${lasted}`,
  paused: () => 'Not watched any more, as it is paused',
  gone: () => 'No longer there',
}

function toMessageEntry(entry: Entry, publicUrl: string, inFull: boolean): MessageEntry {
  const headline = headlineOf(entry)
  const url = `${publicUrl}/incidents/${entry.incidentId}`
  const severity = severityOf(entry)
  if (!inFull) return { headline, severity, lines: [], url }
  const since = { label: 'Since', text: momentInWords(new Date(entry.since)) }
  const instances = entry.instances.map(({ name, environment }) => `${oneLine(name)} (${environment})`)
  const where = instances.length > 0 ? [{ label: 'Instance', text: instances.join(', ') }] : []
  const isOpen = entry.change !== 'closed'
  const brief = entry.isBrief ? [{ label: 'Note', text: 'It began and ended before this message could be sent.' }] : []
  return {
    headline,
    severity,
    lines: [
      { label: isOpen ? 'What happened' : 'What it was', text: oneLine(entry.text) },
      since,
      ...where,
      ...(isOpen || entry.kind === 'control-away'
        ? [
            { label: 'What it means', text: oneLine(entry.meaning) },
            { label: 'What to do', text: oneLine(entry.action) },
          ]
        : []),
      ...brief,
    ],
    url,
  }
}

function severityOf({ change, severity, kind }: Entry): Severity | null {
  return change === 'closed' && kind !== 'control-away' ? null : severity
}

function rankOf(entry: Entry): number {
  const severity = severityOf(entry)
  return severity === null ? 0 : { notice: 1, warning: 2, critical: 3 }[severity]
}

/** Without control characters, line breaks and marks that turn the direction of what follows. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

export function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
