import type { Message } from './message'

/** A message as plain text, for the mail programs that show no HTML, and for ntfy. */
export function writeText({ intro, entries, more, link }: Message): string {
  const parts = [
    ...(intro ? [intro] : []),
    ...entries.map(({ headline, lines, url }) =>
      [headline, ...lines.map(({ label, text }) => `  ${label}: ${text}`), `  ${url}`].join('\n'),
    ),
    ...(more ? [more] : []),
    `${link.words}: ${link.url}`,
  ]
  return `${parts.join('\n\n')}\n`
}
