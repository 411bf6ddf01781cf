'use client'

import { AlertDialog as RadixAlertDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { dialogPanelStyle, overlayStyle } from './dialog'

export const AlertDialog = RadixAlertDialog.Root
export const AlertDialogTrigger = RadixAlertDialog.Trigger
export const AlertDialogCancel = RadixAlertDialog.Cancel

/** The panel of a question that must be answered: a click outside does not close it. */
export function AlertDialogContent({
  title,
  description,
  children,
}: {
  title: string
  description: ReactNode
  children: ReactNode
}) {
  return (
    <RadixAlertDialog.Portal>
      <RadixAlertDialog.Overlay className={overlayStyle} />
      <RadixAlertDialog.Content className={dialogPanelStyle}>
        <RadixAlertDialog.Title className="font-semibold text-lg leading-snug">{title}</RadixAlertDialog.Title>
        <RadixAlertDialog.Description asChild>
          <div className="mt-2 space-y-2 text-muted text-sm">{description}</div>
        </RadixAlertDialog.Description>
        <div className="mt-5">{children}</div>
      </RadixAlertDialog.Content>
    </RadixAlertDialog.Portal>
  )
}
