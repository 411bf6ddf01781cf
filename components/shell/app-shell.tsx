import Link from 'next/link'
import type { ReactNode } from 'react'
import { Brand } from './brand'
import { MobileMenu } from './mobile-menu'
import { Navigation } from './navigation'

/** The frame of the dashboard: rail on the left, a bar on top, the page. `tools` stand at the bar's end. */
export function AppShell({ tools, children }: { tools: ReactNode; children: ReactNode }) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] print:block">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <aside className="hidden border-border border-r bg-surface lg:block print:hidden">
        <div className="sticky top-0 max-h-dvh overflow-y-auto px-3 py-4">
          <Link href="/" className="mb-6 block w-fit rounded-lg px-2 py-1">
            <Brand />
          </Link>
          <Navigation />
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-border border-b bg-background/90 px-3 backdrop-blur sm:px-6 print:hidden">
          <MobileMenu />
          <Link href="/" className="rounded-lg px-1 lg:hidden">
            <Brand />
          </Link>
          <div className="ml-auto flex items-center gap-1">{tools}</div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl flex-1 px-4 py-7 outline-none sm:px-6 lg:px-8 print:max-w-none print:p-0"
        >
          {children}
        </main>
      </div>
    </div>
  )
}
