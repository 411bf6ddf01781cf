import { becomeAdministrator } from '@/scripts/screenshots/become-administrator'
import { expect, expectFitsPhone, test, violationsOf, visit } from './fixtures'
import { startSeeded } from './seeded'

/**
 * Promise: what an administrator enters as fix-ups is checked at its field, kept, its secrets are never shown again, and a restore of
 * another instance begins with it.
 */
test('fix-ups are entered, corrected where they do not fit, and offered by a restore into that instance', async ({
  page,
}) => {
  const dashboard = await startSeeded()
  try {
    await becomeAdministrator(page, dashboard.firstRunUrl)
    await visit(page, `${dashboard.url}/instances/wt-staging/fix-ups`)
    expect(await violationsOf(page)).toEqual([])
    await expectFitsPhone(page)
    await page.getByLabel('Domain of cookies').fill('https://stage.example.org')
    await page.getByLabel('Globus client secret').fill('a-secret-of-testing')
    await page.getByLabel('Paths, old -> new').fill('/tmp/data -> /srv/data')
    await page.getByLabel('Give all other users pseudonyms').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Enter a domain, such as .stage.example.org.')).toBeVisible()
    await page.getByLabel('Domain of cookies').fill('.stage.example.org')
    await page.getByLabel('Administrator').fill('admin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(`${dashboard.url}/instances/wt-staging`)

    await page.getByRole('link', { name: 'Fix-ups' }).click()
    await expect(page.getByLabel('Domain of cookies')).toHaveValue('.stage.example.org')
    await expect(page.getByLabel('Paths, old -> new')).toHaveValue('/tmp/data -> /srv/data')
    await expect(page.getByLabel('Give all other users pseudonyms')).toBeChecked()
    await expect(page.getByLabel('Forget the saved globus client secret')).toBeVisible()
    expect(await page.content()).not.toContain('a-secret-of-testing')

    const restore = dashboard.pages.find(({ name }) => name === 'backup-restore')?.path ?? ''
    await visit(page, dashboard.url + restore)
    const option = page.getByLabel('Worker').locator('option', { hasText: 'Staging' })
    await page.getByLabel('Worker').selectOption((await option.getAttribute('value')) ?? '')
    await expect(page.getByRole('checkbox', { name: 'All other users get pseudonyms' })).toBeChecked()
    await page.getByRole('checkbox', { name: 'Domain of cookies' }).uncheck()
    await expect(page).toHaveURL(/unfixed=core\.cookie_domain/)
    expect(await violationsOf(page)).toEqual([])
    await expectFitsPhone(page)
    await page.getByRole('checkbox', { name: 'Change it to fit Staging' }).uncheck()
    await expect(page.getByRole('checkbox', { name: 'All other users get pseudonyms' })).toHaveCount(0)
    await expect(page).toHaveURL(/fixups=none/)
  } finally {
    // nothing asks a server that is gone
    await page.goto('about:blank')
    await dashboard.stop()
  }
})
