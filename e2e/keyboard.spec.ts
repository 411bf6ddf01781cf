import type { Page } from '@playwright/test'
import { db } from '@/lib/db'
import { createScene } from '@/scripts/test-scene'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

test('without a mouse: every place by its key, anything by its name, a plan run and cancelled', async ({ page }) => {
  const { plan } = await createScene(db())
  await signInAs(page, 'operator')
  const { keyboard } = page

  await test.step('the shortcuts are listed, and the list closes', async () => {
    await keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await expectAccessible(page)
    await expectFitsPhone(page)
    await keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  await test.step('`g` and a letter lead to a place', async () => {
    for (const [key, name] of [
      ['p', 'Plans'],
      ['m', 'Remotes'],
      ['o', 'Overview'],
    ] as const) {
      await keyboard.press('g')
      await keyboard.press(key)
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    }
  })

  await test.step('the palette finds by name, and says when it finds nothing', async () => {
    await keyboard.press('Control+k')
    await expect(page.getByRole('combobox', { name: 'Go to anything' })).toBeFocused()
    await expect(page.getByRole('option', { name: new RegExp(`^${plan.name}`) }).first()).toBeVisible()
    await expectAccessible(page)
    await expectFitsPhone(page)
    await keyboard.type('no such thing')
    await expect(page.getByText('Nothing has such a name.')).toBeVisible()
    await keyboard.press('Escape')
  })

  await test.step('a plan is run from the palette', async () => {
    await keyboard.press('Control+k')
    await keyboard.type(`Run ${plan.name}`)
    await expect(page.getByRole('option', { selected: true })).toContainText(`Run ${plan.name}`)
    await keyboard.press('Enter')
    await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
  })

  await test.step('it is cancelled by Tab and Enter', async () => {
    const cancel = page.getByRole('button', { name: 'Cancel backup' })
    await cancel.waitFor()
    await tabTo(page, 'Cancel backup')
    await keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    await tabTo(page, 'Cancel backup')
    await keyboard.press('Enter')
    await expect(page.getByText('Cancelled').first()).toBeVisible()
  })

  const run = await db().backup.findFirstOrThrow({ where: { planId: plan.id }, orderBy: { sequence: 'desc' } })
  expect(run.state).toBe('cancelled')
})

test('a viewer’s palette offers nothing that changes', async ({ page }) => {
  await signInAs(page, 'viewer')
  await visit(page, surroundings().url)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: 'Overview' })).toBeVisible()
  await expect(page.getByRole('option', { name: /^Run / })).toHaveCount(0)
})

/** Presses Tab until the button of that name has the focus: it must be reachable, and not after a hundred stops. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`“${name}” was not reached by Tab`)
}
