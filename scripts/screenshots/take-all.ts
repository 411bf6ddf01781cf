import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { seedSmall } from '@/bench/seed/small'
import { makeRecoveryKit } from '@/core/recovery-kit/make-recovery-kit'
import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { visit } from '@/e2e/fixtures'
import { db } from '@/lib/db'
import { startStack } from '@/scripts/stack'
import { becomeAdministrator } from './become-administrator'
import { keepAlive } from './keep-alive'
import { listPages } from './list-pages'

/** Each page from a seeded database: wide in both themes, and on a phone. */
const pictures = [
  { suffix: 'light', colorScheme: 'light', width: 1280, height: 800 },
  { suffix: 'dark', colorScheme: 'dark', width: 1280, height: 800 },
  { suffix: 'phone', colorScheme: 'light', width: 390, height: 844 },
] as const

const target = 'docs/screenshots'
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-screenshots-'))
mkdirSync(target, { recursive: true })
const stack = await startStack(folder, {}, { withControl: false })
Object.assign(process.env, stack.environment)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  await seedSmall(db())
  const page = await browser.newPage({ reducedMotion: 'reduce', timezoneId: 'America/Chicago' })
  await becomeAdministrator(page, (await makeSignInLink(stack.url)).url)
  await makeRecoveryKit({ kind: 'terminal', id: null, name: 'pictures' }, 'a passphrase for pictures only')
  for (const { name, path } of await listPages(db())) await takePage(page, name, `${stack.url}${path}`)
} finally {
  await browser.close()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

async function takePage(page: Page, name: string, address: string): Promise<void> {
  for (const { suffix, colorScheme, width, height } of pictures) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    await keepAlive()
    await visit(page, address)
    await page.screenshot({ path: join(target, `${name}-${suffix}.png`), fullPage: true })
  }
  console.log(`talekeeper: ${name}`)
}
