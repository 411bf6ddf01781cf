'use client'

import { updateConnectionAction } from '@/app/(admin)/connections/actions'
import { ClientFields } from '@/app/(admin)/connections/client-fields'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { ConnectionDetail } from '@/core/connections/get-connection'

export function SettingsCard({ connection }: { connection: ConnectionDetail }) {
  return (
    <ActionForm action={updateConnectionAction}>
      <Card title="Settings">
        <div className="space-y-5">
          <input type="hidden" name="id" value={connection.id} />
          <TextField name="name" label="Name" defaultValue={connection.name} />
          <ClientFields hasTenant={connection.guide.hasTenant} saved={connection} />
          <SubmitButton>Save changes</SubmitButton>
        </div>
      </Card>
    </ActionForm>
  )
}
