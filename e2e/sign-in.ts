import type { Page } from '@playwright/test'
import { db } from '@/lib/db'
import { hashPassword } from '@/lib/password'
import { expect, visit } from './fixtures'
import { surroundings } from './surroundings'

const password = 'a password of the stories'

/** A user of that role, made where there is none. */
export async function ensureUser(role: 'viewer' | 'operator' | 'admin'): Promise<{ email: string; password: string }> {
  const email = `${role}@stories.example.org`
  const passwordHash = await hashPassword(password)
  await db().user.upsert({ where: { email }, create: { email, name: `Story ${role}`, role, passwordHash }, update: {} })
  return { email, password }
}

/** Makes a user of that role, where there is none, and signs in as them on the sign-in page. */
export async function signInAs(page: Page, role: 'viewer' | 'operator' | 'admin'): Promise<void> {
  const { email } = await ensureUser(role)
  await visit(page, `${surroundings().url}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
}
