'use client'

import { X } from 'lucide-react'
import { Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

export const Dialog = RadixDialog.Root
export const DialogTrigger = RadixDialog.Trigger

export const overlayStyle =
  'fixed inset-0 z-50 bg-black/45 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 data-[state=open]:animate-in data-[state=open]:fade-in-0'
export const dialogPanelStyle =
  'fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl border border-border bg-surface-raised p-6 shadow-xl data-[state=closed]:animate-out data-[state=closed]:fade-out-0 data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-98'

/** The panel of a dialog, with focus kept inside, Escape and a close button. */
export function DialogContent({
  title,
  description,
  className,
  children,
}: {
  title: string
  description?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <RadixDialog.Portal>
      <RadixDialog.Overlay className={overlayStyle} />
      <RadixDialog.Content
        className={classNames(dialogPanelStyle, className)}
        {...(description ? {} : { 'aria-describedby': undefined })}
      >
        <RadixDialog.Title className="pr-8 font-semibold text-lg leading-snug">{title}</RadixDialog.Title>
        {description && (
          <RadixDialog.Description className="mt-1.5 text-muted text-sm">{description}</RadixDialog.Description>
        )}
        <div className="mt-5">{children}</div>
        <RadixDialog.Close
          aria-label="Close"
          className="absolute top-4 right-4 inline-flex size-8 items-center justify-center rounded-lg text-muted hover:bg-surface-muted hover:text-text"
        >
          <X className="size-4" aria-hidden />
        </RadixDialog.Close>
      </RadixDialog.Content>
    </RadixDialog.Portal>
  )
}
