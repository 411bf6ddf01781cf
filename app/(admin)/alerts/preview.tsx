'use client'

import { CodeBlock } from '@/components/ui/code-block'
import type { ChannelKind } from '@/core/channels/schema'
import type { MessagePreview } from '@/core/deliveries/preview-messages'

/** The example message as a channel of this kind gets it. */
export function Preview({ kind, preview }: { kind: ChannelKind; preview: MessagePreview }) {
  switch (kind) {
    case 'email':
      return (
        <div className="space-y-4">
          <p className="break-words text-sm">
            <span className="text-muted">Subject: </span>
            {preview.subject}
          </p>
          {/* no script runs in it, and it reaches nothing of this page */}
          <iframe
            title="The mail as HTML"
            sandbox=""
            srcDoc={preview.html}
            className="h-[34rem] w-full rounded-xl border border-border bg-white"
          />
          <CodeBlock label="The mail as text" text={preview.text} copy={false} />
        </div>
      )
    case 'slack':
      return (
        <div className="space-y-3 text-sm">
          <p className="break-words">{asShown(preview.slack.text)}</p>
          {preview.slack.attachments.map(({ title, text, color }) => (
            <div key={title} className="border-l-4 pl-3" style={{ borderLeftColor: color }}>
              <p className="break-words font-semibold">{asShown(title)}</p>
              <p className="whitespace-pre-line break-words text-muted">{asShown(text)}</p>
            </div>
          ))}
        </div>
      )
    case 'teams':
      return (
        <div className="space-y-2 rounded-xl border border-border p-4 text-sm">
          {preview.teams.attachments[0]?.content.body.map(({ inlines }) => {
            const text = inlines.map((run) => run.text).join('')
            return (
              <p
                key={text}
                className={inlines[0] && 'weight' in inlines[0] ? 'break-words font-semibold' : 'break-words'}
              >
                {text}
              </p>
            )
          })}
        </div>
      )
    case 'matrix':
      return (
        <p className="whitespace-pre-line break-words rounded-xl border border-border p-4 text-sm">
          {preview.matrix.body}
        </p>
      )
    case 'ntfy':
      return (
        <div className="space-y-1 rounded-xl border border-border p-4 text-sm">
          <p className="break-words font-semibold">{preview.ntfy.title}</p>
          <p className="whitespace-pre-line break-words">{preview.ntfy.message}</p>
        </div>
      )
    case 'webhook':
      return <CodeBlock label="The body" text={preview.webhook} copy={false} />
  }
}

/** Slack's own escapes, as it draws them. */
function asShown(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
