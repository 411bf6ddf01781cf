import type { Severity } from '@/core/incidents/kind-rules'
import { type Message, shortened } from './message'

const colours: Record<Severity | 'well', string> = {
  critical: '#b42318',
  warning: '#dc6803',
  notice: '#175cd3',
  well: '#067647',
}

/** Slack takes no more attachments, nor longer texts; the rest is on the page of incidents. */
const mostAttachments = 20
const mostCharacters = 2000

/**
 * A message as Slack's incoming webhooks take it, and Mattermost's: attachments, which both draw. Texts are written so that neither
 * finds markup, mentions or links in them.
 */
export function writeSlack({ subject, entries, more, link }: Message) {
  const left = entries.length - mostAttachments
  return {
    text: neutral(subject),
    attachments: entries.slice(0, mostAttachments).map(({ headline, severity, lines, url }) => ({
      fallback: neutral(headline),
      color: colours[severity ?? 'well'],
      title: neutral(headline),
      title_link: url,
      text: shortened(lines.map(({ label, text }) => `${label}: ${neutral(text)}`).join('\n'), mostCharacters),
      mrkdwn_in: [] as string[],
    })),
    ...(left > 0 || more ? { footer: `${left > 0 ? `${left} more: ` : ''}${link.url}` } : {}),
  }
}

/** Slack's own three escapes; and a space of no width where Markdown, a mention or a link would begin. */
export function neutral(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@*_~`[\]!#|]/g, (character) => `${character}\u200B`)
    .replaceAll('://', ':\u200B//')
}
