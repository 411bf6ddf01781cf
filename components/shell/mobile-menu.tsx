'use client'

import { Menu, X } from 'lucide-react'
import { Dialog as RadixDialog } from 'radix-ui'
import { useState } from 'react'
import { overlayStyle } from '@/components/ui/dialog'
import { Brand } from './brand'
import { Navigation } from './navigation'

/** The navigation on narrow screens: a drawer from the left. */
export function MobileMenu() {
  const [open, setOpen] = useState(false)
  return (
    <RadixDialog.Root open={open} onOpenChange={setOpen}>
      <RadixDialog.Trigger
        aria-label="Open menu"
        className="inline-flex size-10 items-center justify-center rounded-lg hover:bg-surface-muted lg:hidden"
      >
        <Menu className="size-5" aria-hidden />
      </RadixDialog.Trigger>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={overlayStyle} />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] border-border border-r bg-surface p-4 shadow-xl data-[state=closed]:animate-out data-[state=closed]:slide-out-to-left data-[state=open]:animate-in data-[state=open]:slide-in-from-left"
        >
          <RadixDialog.Title className="sr-only">Menu</RadixDialog.Title>
          <div className="mb-5 flex items-center justify-between">
            <Brand />
            <RadixDialog.Close
              aria-label="Close menu"
              className="inline-flex size-10 items-center justify-center rounded-lg text-muted hover:bg-surface-muted hover:text-text"
            >
              <X className="size-5" aria-hidden />
            </RadixDialog.Close>
          </div>
          <Navigation onNavigate={() => setOpen(false)} />
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}
