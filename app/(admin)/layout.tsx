import type { ReactNode } from 'react'
import { runPlanAction } from '@/app/(admin)/plans/actions'
import { authorizePage } from '@/app/authorize-page'
import { ServerClock } from '@/components/server-clock'
import { AccountMenu } from '@/components/shell/account-menu'
import { AppShell } from '@/components/shell/app-shell'
import { QuickAccess } from '@/components/shell/quick-access'
import { ThemeMenu } from '@/components/shell/theme-menu'
import { signOutAction } from './actions'

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const actor = await authorizePage('view')
  return (
    <AppShell
      tools={
        <>
          <QuickAccess runPlan={runPlanAction} />
          <ThemeMenu />
          <AccountMenu name={actor.name ?? ''} role={actor.role ?? ''} signOut={signOutAction} />
        </>
      }
    >
      <ServerClock now={Date.now()}>{children}</ServerClock>
    </AppShell>
  )
}
