'use client'

import type { ReactNode } from 'react'
import type { ButtonProps } from '@/components/ui/button'
import { ActionForm } from './action-form'
import type { FormAction } from './action-result'
import { SubmitButton } from './submit-button'

/** One button that calls a server action at once, with hidden values. For what can be undone; else use ConfirmButton. */
export function ActionButton({
  action,
  values = {},
  children,
  ...props
}: {
  action: FormAction
  values?: Record<string, string>
  children: ReactNode
} & Pick<ButtonProps, 'variant' | 'size' | 'disabled' | 'title' | 'className' | 'aria-label'>) {
  return (
    <ActionForm action={action} className="space-y-3">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton variant="secondary" {...props}>
        {children}
      </SubmitButton>
    </ActionForm>
  )
}
