'use client'

import { Download } from 'lucide-react'
import { saveText } from '@/app/(admin)/remotes/save-text'
import { ActionForm } from '@/components/form/action-form'
import { CheckboxField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { exportRemotesAction } from './actions'

/** Asks for a tick, as the file opens everything. */
export function ExportForm() {
  return (
    <ActionForm action={exportRemotesAction} onSuccess={({ text }) => saveText('rclone.conf', text)}>
      <CheckboxField
        name="understood"
        label="Whoever has this file can read and delete all backups"
        description="Its passwords are only obscured. That it was made is written into the audit log."
      />
      <SubmitButton>
        <Download aria-hidden />
        Download rclone.conf
      </SubmitButton>
    </ActionForm>
  )
}
