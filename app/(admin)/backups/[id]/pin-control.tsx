'use client'

import { Pin } from 'lucide-react'
import { useState } from 'react'
import { pinBackupAction, unpinBackupAction } from '@/app/(admin)/backups/actions'
import { ActionForm } from '@/components/form/action-form'
import { ConfirmButton } from '@/components/form/confirm-button'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'

/** Pins with a reason, or lets go again. */
export function PinControl({ id, pinned }: { id: string; pinned: { reason: string } | null }) {
  if (pinned)
    return (
      <ConfirmButton
        action={unpinBackupAction}
        values={{ id }}
        size="sm"
        title="Unpin this backup?"
        question="Retention may delete it from then on, when its days are over."
        confirmLabel="Unpin"
      >
        Unpin
      </ConfirmButton>
    )
  return <PinDialog id={id} />
}

/** A component of its own, so that it is closed again when the backup comes back unpinned. */
function PinDialog({ id }: { id: string }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button size="sm">
          <Pin aria-hidden />
          Pin
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Pin this backup"
        description="Neither retention nor anybody else deletes it until the day is over or somebody unpins it."
      >
        <ActionForm action={pinBackupAction} onSuccess={() => setOpen(false)}>
          <input type="hidden" name="id" value={id} />
          <TextField name="reason" label="Why" placeholder="State before the upgrade" />
          <TextField
            name="until"
            type="date"
            label="Last day"
            optional
            description="In UTC. Empty: until it is unpinned."
          />
          <div className="flex justify-end">
            <SubmitButton>Pin backup</SubmitButton>
          </div>
        </ActionForm>
      </DialogContent>
    </Dialog>
  )
}
