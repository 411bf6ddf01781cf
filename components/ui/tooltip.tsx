'use client'

import { Tooltip as RadixTooltip } from 'radix-ui'
import type { ReactNode } from 'react'

export const TooltipProvider = RadixTooltip.Provider

/** Shows `text` when the child, which must take focus, is hovered or focused. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          sideOffset={5}
          collisionPadding={12}
          className="z-50 max-w-72 rounded-md bg-text px-2.5 py-1.5 text-background text-xs shadow-md data-[state=delayed-open]:animate-in data-[state=delayed-open]:fade-in-0"
        >
          {text}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  )
}
