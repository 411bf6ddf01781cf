'use client'

import { type ReactNode, useState } from 'react'
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogTrigger } from '@/components/ui/alert-dialog'
import { Button, type ButtonProps } from '@/components/ui/button'
import { ActionForm } from './action-form'
import type { FormAction } from './action-result'
import { TextField } from './fields'
import { SubmitButton } from './submit-button'

/**
 * A button that asks before it calls a server action. With `typedName` the person types that name first, and the action
 * gets it as `typedName`, to be checked again there. `question` says what will be lost; `fields` ask for more.
 */
export function ConfirmButton({
  action,
  values = {},
  title,
  question,
  confirmLabel,
  typedName,
  fields,
  danger = true,
  children,
  ...props
}: {
  action: FormAction
  values?: Record<string, string>
  title: string
  question: ReactNode
  confirmLabel: string
  typedName?: string
  fields?: ReactNode
  danger?: boolean
  children: ReactNode
} & Pick<ButtonProps, 'variant' | 'size' | 'disabled' | 'className'>) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const ready = typedName === undefined || typed.trim() === typedName
  const changeOpen = (next: boolean) => {
    setOpen(next)
    setTyped('')
  }
  return (
    <AlertDialog open={open} onOpenChange={changeOpen}>
      <AlertDialogTrigger asChild>
        <Button variant={danger ? 'danger-quiet' : 'secondary'} {...props}>
          {children}
        </Button>
      </AlertDialogTrigger>
      <AlertDialogContent title={title} description={question}>
        <ActionForm action={action} onSuccess={() => changeOpen(false)}>
          {Object.entries(values).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {fields}
          {typedName !== undefined && (
            <TextField
              name="typedName"
              label={`Type ${typedName} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              spellCheck={false}
              autoCapitalize="none"
            />
          )}
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialogCancel asChild>
              <Button>Keep as it is</Button>
            </AlertDialogCancel>
            <SubmitButton variant={danger ? 'danger' : 'primary'} disabled={!ready}>
              {confirmLabel}
            </SubmitButton>
          </div>
        </ActionForm>
      </AlertDialogContent>
    </AlertDialog>
  )
}
