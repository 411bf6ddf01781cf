'use client'

import { MessageSquarePlus } from 'lucide-react'
import { runPlanAction } from '@/app/(admin)/plans/actions'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'

/** Runs the plan now, and keeps a note of why with the backup. */
export function RunWithNote({ planId }: { planId: string }) {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="secondary" size="icon" aria-label="Run with a note" title="Run with a note">
          <MessageSquarePlus aria-hidden />
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Run with a note"
        description="The note is shown on the page of the backup, and in the audit log."
      >
        <ActionForm action={runPlanAction}>
          <input type="hidden" name="id" value={planId} />
          <TextField name="note" label="Note" maxLength={500} placeholder="Before the upgrade to version 1.3" />
          <div className="flex justify-end">
            <SubmitButton>Run with this note</SubmitButton>
          </div>
        </ActionForm>
      </DialogContent>
    </Dialog>
  )
}
