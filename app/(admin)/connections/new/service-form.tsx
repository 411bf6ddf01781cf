'use client'

import { createServiceConnectionAction } from '@/app/(admin)/connections/actions'
import { KeyField } from '@/app/(admin)/connections/key-field'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { ProviderGuide } from '@/core/connections/provider-guide'
import { NameFields } from './name-fields'

/** A connection that signs in by a key file: it is tried before it is saved. */
export function ServiceForm({ guide, service }: { guide: ProviderGuide; service: ProviderGuide['services'][number] }) {
  return (
    <>
      <Card
        title={`1. At ${guide.name}`}
        description="No person signs in, and nothing dies unused: best for a dashboard that runs for years."
      >
        <ol className="list-decimal space-y-2 pl-5 text-sm">
          {service.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Card>
      <ActionForm action={createServiceConnectionAction}>
        <Card title="2. Here">
          <div className="space-y-5">
            <input type="hidden" name="provider" value={guide.id} />
            <input type="hidden" name="service" value={service.id} />
            <NameFields guide={guide} />
            <KeyField />
            <SubmitButton>Try it and save</SubmitButton>
          </div>
        </Card>
      </ActionForm>
    </>
  )
}
