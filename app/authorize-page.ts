import { headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import type { Actor } from '@/core/audit/actor'
import { authorize } from '@/core/users/authorize'
import type { Right } from '@/core/users/rights'
import { Problem } from '@/protocol/problem'
import { pathHeader } from './request-headers'

/** `authorize` for pages: sends to the sign-in page and back, or answers with the 403 page. */
export async function authorizePage(right: Right): Promise<Actor> {
  try {
    return await authorize(right)
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthenticated') {
      const path = (await headers()).get(pathHeader) ?? '/'
      redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
    }
    if (error instanceof Problem && error.code === 'forbidden') forbidden()
    throw error
  }
}
