'use client'

import { replaceKeyAction } from '@/app/(admin)/connections/actions'
import { KeyField } from '@/app/(admin)/connections/key-field'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'

/** Another key file of the same kind and account; the saved one stays until the new one has worked. */
export function ReplaceKeyCard({ id, kind }: { id: string; kind: { id: string; label: string } | null }) {
  if (!kind) return null
  return (
    <ActionForm action={replaceKeyAction}>
      <Card
        title="Replace the key file"
        description={`${kind.label}. The saved one stays until the new one has worked.`}
      >
        <div className="space-y-5">
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="service" value={kind.id} />
          <KeyField />
          <SubmitButton>Try it and save</SubmitButton>
        </div>
      </Card>
    </ActionForm>
  )
}
