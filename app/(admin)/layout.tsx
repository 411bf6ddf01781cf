import type { ReactNode } from 'react'
import { authorizePage } from '@/app/authorize-page'
import { AccountMenu } from '@/components/shell/account-menu'
import { AppShell } from '@/components/shell/app-shell'
import { ThemeMenu } from '@/components/shell/theme-menu'
import { signOutAction } from './actions'

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const actor = await authorizePage('view')
  return (
    <AppShell
      tools={
        <>
          <ThemeMenu />
          <AccountMenu name={actor.name ?? ''} role={actor.role ?? ''} signOut={signOutAction} />
        </>
      }
    >
      {children}
    </AppShell>
  )
}
