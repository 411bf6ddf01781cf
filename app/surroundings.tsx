'use client'

import { ThemeProvider } from 'next-themes'
import { type ReactNode, useEffect } from 'react'
import { Toaster } from '@/components/ui/toaster'
import { TooltipProvider } from '@/components/ui/tooltip'

/** What every page stands in: theme, tooltips, toasts. `data-awake` on the document tells that React has taken over. */
export function Surroundings({ nonce, children }: { nonce: string; children: ReactNode }) {
  useEffect(() => {
    document.documentElement.dataset.awake = ''
  }, [])
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <TooltipProvider delayDuration={250}>{children}</TooltipProvider>
      <Toaster />
    </ThemeProvider>
  )
}
