'use client'

import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { beginPasteAction, pasteAction } from '@/app/(admin)/connections/actions'
import { ActionForm } from '@/components/form/action-form'
import { TextareaField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import type { ProviderGuide } from '@/core/connections/provider-guide'

/** For a dashboard that the provider cannot send the browser back to: sign in on any computer, and paste what comes out. */
export function PasteCard({ id, guide, clientId }: { id: string; guide: ProviderGuide; clientId: string }) {
  return (
    <Card
      title="Or sign in elsewhere and paste the answer"
      description="For a dashboard without an address that the provider takes. Enter this second redirect address at the provider first."
    >
      <div className="space-y-5">
        <CodeBlock text={guide.loopbackAddress} label="Redirect address of your own computer" />
        <div className="space-y-2">
          <p className="text-sm">
            On a computer with a browser and rclone, run this with the client secret in its place, and sign in. A token
            that was made without your own client id and secret is rclone’s, and cannot be refreshed here.
          </p>
          <CodeBlock text={`rclone authorize "${guide.id}" "${clientId}" "CLIENT-SECRET"`} label="Command" />
        </div>
        <SignInLink id={id} guide={guide} />
        <ActionForm action={pasteAction}>
          <input type="hidden" name="id" value={id} />
          <TextareaField
            name="pasted"
            label="What came out"
            rows={4}
            spellCheck={false}
            className="font-mono text-xs"
            description="All that the command printed last, or the whole address that the browser ended at. It is tried before it is saved."
          />
          <SubmitButton>Try it and save</SubmitButton>
        </ActionForm>
      </div>
    </Card>
  )
}

function SignInLink({ id, guide }: { id: string; guide: ProviderGuide }) {
  const [url, setUrl] = useState<string | null>(null)
  return (
    <ActionForm action={beginPasteAction} onSuccess={(result) => setUrl(result.url)} className="space-y-3">
      <input type="hidden" name="id" value={id} />
      <p className="text-sm">
        Without rclone: sign in at {guide.name} in a browser. It ends at an address that it cannot open; copy that from
        the address bar
        {guide.codeSeconds < 60 && ` and paste it within ${guide.codeSeconds} seconds`}.
      </p>
      {url ? (
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 font-medium text-accent text-sm underline underline-offset-4"
        >
          Sign in at {guide.name}
          <ExternalLink className="size-3.5" aria-hidden />
        </a>
      ) : (
        <SubmitButton variant="secondary">Make a sign-in link</SubmitButton>
      )}
    </ActionForm>
  )
}
