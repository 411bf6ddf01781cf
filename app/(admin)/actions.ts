'use server'

import { redirect } from 'next/navigation'
import { signOut } from '@/core/users/sign-out'
import { currentSession, endSession } from '@/lib/auth'

export async function signOutAction(): Promise<void> {
  const session = await currentSession()
  if (session) await signOut(session)
  await endSession()
  redirect('/sign-in')
}
