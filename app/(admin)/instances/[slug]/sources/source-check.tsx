'use client'

import { Stethoscope } from 'lucide-react'
import { useState } from 'react'
import { Bytes } from '@/components/bytes'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import { type CheckedSource, checkSourceAction } from './actions'

/** facts that are numbers of bytes end so */
const bytesSuffix = / in bytes$/

/** Asks the worker whether it can read the saved source, and shows what it found. */
export function SourceCheck({
  instanceSlug,
  sourceSlug,
  worker,
}: {
  instanceSlug: string
  sourceSlug: string
  worker: string
}) {
  const [checked, setChecked] = useState<CheckedSource | null>(null)
  return (
    <Card
      title="Check"
      description={`The worker “${worker}” looks whether it can read what is saved. Nothing is copied or changed.`}
    >
      <div className="space-y-4">
        <ActionForm<CheckedSource>
          action={checkSourceAction.bind(null, instanceSlug, sourceSlug)}
          onSubmitCapture={() => setChecked(null)}
          onSuccess={setChecked}
        >
          <SubmitButton variant="secondary">
            <Stethoscope aria-hidden />
            Check now
          </SubmitButton>
        </ActionForm>
        <div aria-live="polite">
          {checked && (
            <Notice tone="good" title="The worker can read it." data-check="good">
              <FactList className="pt-2 text-text">
                {Object.entries(checked.facts).map(([name, text]) => (
                  <Fact key={name} label={name.replace(bytesSuffix, '')}>
                    {bytesSuffix.test(name) ? <Bytes value={Number(text)} /> : text}
                  </Fact>
                ))}
              </FactList>
            </Notice>
          )}
        </div>
      </div>
    </Card>
  )
}
