import { mkdirSync } from 'node:fs'
import { chromium, type Page } from '@playwright/test'

/**
 * Takes the pictures of docs/screenshots from a running demo that has no administrator yet:
 * `npx tsx scripts/screenshots.ts '<the one-time link that npm run demo printed>'`.
 */
const folder = 'docs/screenshots'
const [link] = process.argv.slice(2)
if (!link) {
  console.error("Usage: npx tsx scripts/screenshots.ts '<one-time link of a fresh demo>'")
  process.exit(2)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  mkdirSync(folder, { recursive: true })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  await becomeAdministrator(page, link)
  await watchBackup(page)
  await restoreBeside(page)
  await page.goto(new URL('/', link).href)
  await picture(page, 'overview', 480)
} finally {
  await browser.close()
}

async function becomeAdministrator(page: Page, firstRunUrl: string): Promise<void> {
  await page.goto(firstRunUrl)
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByLabel('Password again').fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
}

async function watchBackup(page: Page): Promise<void> {
  await page.goto(new URL('/plans', page.url()).href)
  await page.getByRole('link', { name: 'Nightly' }).click()
  await page.getByRole('button', { name: 'Run now' }).click()
  await page.waitForURL(/\/backups\/[0-9a-f-]{36}$/)
  await page.getByRole('progressbar').waitFor()
  await picture(page, 'backup-running', 800)
  await page.getByText('What is inside').waitFor({ timeout: 120_000 })
  await page.waitForTimeout(5000) // the notice that the backup was asked for goes away by itself
  await picture(page, 'backup-done', 1000)
}

async function restoreBeside(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Restore beside' }).click()
  await page.getByRole('button', { name: 'Restore beside' }).click()
  await page.waitForURL(/\/restores\/[0-9a-f-]{36}$/)
  await page.getByRole('heading', { name: 'Identical', exact: true }).waitFor({ timeout: 120_000 })
  await page.waitForTimeout(5000)
  await picture(page, 'restore-identical', 1000)
}

/** In both themes. The pointer is taken away, so that nothing looks pressed. */
async function picture(page: Page, name: string, height: number): Promise<void> {
  await page.mouse.move(0, 0)
  await page.setViewportSize({ width: 1280, height })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
  }
}
