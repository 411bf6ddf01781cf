import type { Severity } from '@/core/incidents/kind-rules'
import { type Message, type MessageEntry, shortened } from './message'

/** Adaptive Cards name colours; each theme of Teams draws them readably. */
const colours: Record<Severity | 'well', 'attention' | 'warning' | 'accent' | 'good'> = {
  critical: 'attention',
  warning: 'warning',
  notice: 'accent',
  well: 'good',
}

/** Teams refuses what is larger than 28 KB as a whole; the rest is on the page of incidents. */
const mostBytes = 26_000
const mostEntries = 8
const mostCharacters = 300

/**
 * A message as “Send webhook alerts to a channel” of Teams’ Workflows takes it: one Adaptive Card, with as many entries as fit. Texts
 * stand in text runs, in which Teams looks for no Markdown and no mention.
 */
export function writeTeams(message: Message) {
  for (let shown = Math.min(mostEntries, message.entries.length); shown > 0; shown--) {
    const written = writeCard(message, shown)
    if (Buffer.byteLength(JSON.stringify(written)) <= mostBytes) return written
  }
  return writeCard(message, 0)
}

function writeCard({ subject, intro, severity, entries, more, link }: Message, shown: number) {
  const left = entries.length - shown
  const rest = left > 0 ? [`${left} more are on the page of incidents.`] : more ? [more] : []
  const body = [
    textBlock([{ text: subject, weight: 'bolder', size: 'medium', color: colours[severity ?? 'well'] }]),
    ...(intro ? [textBlock([{ text: intro }])] : []),
    ...entries.slice(0, shown).flatMap(entryBlocks),
    ...rest.map((text) => textBlock([{ text, isSubtle: true }])),
  ]
  const schema = 'http://adaptivecards.io/schemas/adaptive-card.json'
  const actions = [{ type: 'Action.OpenUrl', title: link.words, url: link.url }]
  const card = { $schema: schema, type: 'AdaptiveCard', version: '1.4', fallbackText: literal(subject), body, actions }
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] }
}

function entryBlocks({ headline, severity, lines }: MessageEntry) {
  return [
    textBlock([{ text: headline, weight: 'bolder', color: colours[severity ?? 'well'] }], true),
    ...lines.map(({ label, text }) => textBlock([{ text: `${label}: `, isSubtle: true }, { text }])),
  ]
}

type Run = { text: string; weight?: 'bolder'; size?: 'medium'; color?: string; isSubtle?: boolean }

function textBlock(runs: Run[], separator = false) {
  return {
    ...{ type: 'RichTextBlock', separator },
    inlines: runs.map(({ text, ...style }) => ({
      ...{ type: 'TextRun', text: literal(shortened(text, mostCharacters)) },
      ...style,
    })),
  }
}

/** A card would put a date or a template's value where `{{` or `${` stands: a space of no width keeps them apart. */
function literal(text: string): string {
  return text.replace(/[{$](?=\{)/g, (character) => `${character}\u200B`)
}
