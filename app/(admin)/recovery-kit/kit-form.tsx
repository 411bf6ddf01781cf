'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { makeRecoveryKitAction } from './actions'

/** Asks for a passphrase, and saves the kit as a file. Emptied afterwards, so that no passphrase stays on the screen. */
export function KitForm() {
  const [round, setRound] = useState(0)
  return (
    <ActionForm
      key={round}
      action={makeRecoveryKitAction}
      onSuccess={({ kit }) => {
        save(kit)
        setRound(round + 1)
      }}
    >
      <TextField
        name="passphrase"
        label="Passphrase for the kit"
        type="password"
        autoComplete="new-password"
        description="At least 12 characters. Without it nobody can open the kit."
        required
      />
      <TextField name="passphraseAgain" label="Passphrase again" type="password" autoComplete="new-password" required />
      <SubmitButton>
        <Download aria-hidden />
        Download recovery kit
      </SubmitButton>
    </ActionForm>
  )
}

function save({ name, text }: { name: string; text: string }): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
