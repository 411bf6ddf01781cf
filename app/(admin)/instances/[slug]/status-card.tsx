'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { ConfirmButton } from '@/components/form/confirm-button'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { makeStatusLinkAction, removeStatusLinkAction } from './status-actions'

/** Switches the page and the badge on, by which people without an account see how the instance stands. `since`: null while off. */
export function StatusCard({ slug, since }: { slug: string; since: string | null }) {
  const [link, setLink] = useState<string | null>(null)
  return (
    <Card title="Status page">
      <div className="space-y-4">
        <p className="text-muted text-sm">
          A page and a badge that anybody with the link can see without signing in: the instance’s name, its state in
          words, its last good backup, whether it was verified, and when the next one comes. Nothing else.
        </p>
        {since && <p className="text-sm">It is on. Its link was made on {since}.</p>}
        {since && link && (
          <div className="space-y-3">
            <p className="text-sm">The link is shown only now. If it is lost, renew it.</p>
            <CodeBlock label="Status page" text={link} />
            <CodeBlock label="Badge, as Markdown" text={`[![backups](${link}/badge.svg)](${link})`} />
          </div>
        )}
        <div className="flex flex-wrap gap-3">
          <ActionForm<{ link: string }> action={makeStatusLinkAction} onSuccess={(result) => setLink(result.link)}>
            <input type="hidden" name="slug" value={slug} />
            <SubmitButton variant="secondary">{since ? 'Renew the link' : 'Switch on'}</SubmitButton>
          </ActionForm>
          {since && (
            <ConfirmButton
              action={removeStatusLinkAction}
              values={{ slug }}
              title="Switch the status page off?"
              question="Its link and its badge lead nowhere from then on, wherever they were put."
              confirmLabel="Switch off"
            >
              Switch off
            </ConfirmButton>
          )}
        </div>
      </div>
    </Card>
  )
}
