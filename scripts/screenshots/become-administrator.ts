import type { Page } from '@playwright/test'

/** Makes the first administrator as a person does, by the one-time link, and ends on the overview. */
export async function becomeAdministrator(page: Page, firstRunUrl: string): Promise<void> {
  await page.goto(firstRunUrl)
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByLabel('Password again').fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
}
