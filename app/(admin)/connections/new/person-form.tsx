'use client'

import { createConnectionAction } from '@/app/(admin)/connections/actions'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { ProviderGuide } from '@/core/connections/provider-guide'
import { ClientFields } from '@/app/(admin)/connections/client-fields'
import { NameFields } from './name-fields'

export function PersonForm({ guide }: { guide: ProviderGuide }) {
  return (
    <ActionForm action={createConnectionAction}>
      <Card title="2. Here">
        <div className="space-y-5">
          <input type="hidden" name="provider" value={guide.id} />
          <NameFields guide={guide} />
          <ClientFields hasTenant={guide.hasTenant} />
          <SubmitButton>Save and go on</SubmitButton>
        </div>
      </Card>
    </ActionForm>
  )
}
