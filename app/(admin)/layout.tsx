import type { ReactNode } from 'react'
import { runPlanAction } from '@/app/(admin)/plans/actions'
import { authorizePage } from '@/app/authorize-page'
import { ServerClock } from '@/components/server-clock'
import { AccountMenu } from '@/components/shell/account-menu'
import { AppShell } from '@/components/shell/app-shell'
import { Bell } from '@/components/shell/bell'
import { QuickAccess } from '@/components/shell/quick-access'
import { ThemeMenu } from '@/components/shell/theme-menu'
import { countOpenIncidents } from '@/core/incidents/count-open-incidents'
import { type IncidentListItem, listOpenIncidents } from '@/core/incidents/list-incidents'
import { signOutAction } from './actions'

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const actor = await authorizePage('view')
  // counted first: what changes meanwhile then makes the page load again
  const counted = await countOpenIncidents()
  const open = await listOpenIncidents()
  return (
    <AppShell
      tools={
        <>
          <QuickAccess runPlan={runPlanAction} />
          <Bell incidents={open.map(shownOf)} counted={counted} />
          <ThemeMenu />
          <AccountMenu name={actor.name ?? ''} role={actor.role ?? ''} signOut={signOutAction} />
        </>
      }
    >
      <ServerClock now={Date.now()}>{children}</ServerClock>
    </AppShell>
  )
}

function shownOf({ id, title, severity, openedAt }: IncidentListItem) {
  return { id, title, severity, openedAt: openedAt.toISOString() }
}
