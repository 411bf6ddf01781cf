import type { Severity } from '@/core/incidents/kind-rules'
import type { Message, MessageEntry } from './message'

const colours: Record<Severity | 'well', string> = {
  critical: '#b42318',
  warning: '#b54708',
  notice: '#175cd3',
  well: '#067647',
}
/** For programs that show mails in the dark; the others leave it out, and see the inline styles. */
const darkStyle = `@media (prefers-color-scheme:dark){.page{background:#0c111d!important;color:#f2f4f7!important}.card{background:#161b26!important;border-top-color:#333a47!important;border-right-color:#333a47!important;border-bottom-color:#333a47!important}.quiet{color:#b4bcc9!important}.critical{color:#fda29b!important}.warning{color:#fdb022!important}.notice,a{color:#84caff!important}.well{color:#47cd89!important}}`
const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/**
 * A message as an HTML page for mail: tables and inline styles, as mail programs need them, no picture, no script, nothing that is
 * fetched. Every text is escaped.
 */
export function writeHtml({ subject, intro, entries, more, link }: Message): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title><style>${darkStyle}</style></head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7;${font};color:#1d2433">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:#f4f5f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px">
<tr><td class="quiet" style="padding:0 4px 12px;font-size:13px;color:#5b6472">Talekeeper</td></tr>
${intro ? `<tr><td style="padding:0 4px 12px;font-size:15px">${escapeHtml(intro)}</td></tr>` : ''}
${entries.map(entryRow).join('\n')}
${more ? `<tr><td class="quiet" style="padding:4px;font-size:14px;color:#5b6472">${escapeHtml(more)}</td></tr>` : ''}
<tr><td style="padding:8px 4px;font-size:13px"><a href="${escapeHtml(link.url)}" style="color:#175cd3">${escapeHtml(link.words)}</a></td></tr>
</table>
</td></tr></table>
</body>
</html>
`
}

function entryRow({ headline, severity, lines, url }: MessageEntry): string {
  const colour = colours[severity ?? 'well']
  const rows = lines
    .map(
      ({ label, text }) =>
        `<tr><td class="quiet" style="padding:3px 12px 3px 0;font-size:13px;color:#5b6472;vertical-align:top;white-space:nowrap">${escapeHtml(label)}</td><td style="padding:3px 0;font-size:14px;word-break:break-word">${escapeHtml(text)}</td></tr>`,
    )
    .join('')
  return `<tr><td style="padding:0 0 12px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style="background:#ffffff;border:1px solid #dfe3e8;border-left:4px solid ${colour};border-radius:8px"><tr><td style="padding:14px 18px">
<div class="${severity ?? 'well'}" style="font-size:16px;font-weight:600;color:${colour};word-break:break-word">${escapeHtml(headline)}</div>
${rows ? `<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:8px">${rows}</table>` : ''}
<div style="margin-top:8px;font-size:13px"><a href="${escapeHtml(url)}" style="color:#175cd3">Open in Talekeeper</a></div>
</td></tr></table></td></tr>`
}

/** For text between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
}
