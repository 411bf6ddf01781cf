'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { changePasswordAction } from './actions'

/** Emptied after success, so that no password stays on the screen. */
export function PasswordForm() {
  const [round, setRound] = useState(0)
  return (
    <ActionForm key={round} action={changePasswordAction} onSuccess={() => setRound(round + 1)}>
      <TextField
        name="currentPassword"
        label="Present password"
        type="password"
        autoComplete="current-password"
        required
      />
      <TextField
        name="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        description="At least 12 characters. A few unrelated words are good and easy to remember."
        required
      />
      <TextField name="passwordAgain" label="New password again" type="password" autoComplete="new-password" required />
      <SubmitButton>Change password</SubmitButton>
    </ActionForm>
  )
}
