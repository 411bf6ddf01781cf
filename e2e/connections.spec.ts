import type { Browser, BrowserContext, Page } from '@playwright/test'
import { controlAt } from './fake-providers/control-client'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** A browser that finds the fake Box under Box's own name. */
async function contextWithFakes(browser: Browser): Promise<BrowserContext> {
  const { proxyUrl } = surroundings().fakeProviders
  return browser.newContext({ ignoreHTTPSErrors: true, proxy: { server: proxyUrl, bypass: 'localhost,127.0.0.1' } })
}

async function enterConnection(page: Page, name: string, app: { clientId: string; clientSecret: string }) {
  await visit(page, `${surroundings().url}/connections/new?provider=box`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Slug').fill(name.toLowerCase().replaceAll(' ', '-'))
  await page.getByLabel('Client id').fill(app.clientId)
  await page.getByLabel('Client secret').fill(app.clientSecret)
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

test('a person connects Box on the web: denied first, then granted, checked and disconnected', async ({ browser }) => {
  const { url, fakeProviders } = surroundings()
  const fake = controlAt(fakeProviders.controlUrl)
  const app = await fake.addApp('box', { redirectUris: [`${url}/api/connections/box/callback`] })
  const page = await (await contextWithFakes(browser)).newPage()
  await signInAs(page, 'admin')
  await visit(page, `${url}/connections`)
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Add connection' }).first().click()
  await expect(page.getByText(`${url}/api/connections/box/callback`)).toBeVisible()
  await expectAccessible(page)
  await expectFitsPhone(page)

  await enterConnection(page, 'Box of Ada', app)
  await page.getByRole('button', { name: 'Connect to Box' }).click()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Box says that access was denied.')).toBeVisible()

  await page.getByRole('button', { name: 'Connect to Box' }).click()
  await page.getByRole('button', { name: 'Grant access to Box' }).click()
  await expect(page.getByText('Box knows this dashboard as ada@example.org.')).toBeVisible()
  await expect(page.getByText('Ada Archivist, ada@example.org')).toBeVisible()
  await page.locator('html[data-awake]').waitFor()
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText('The provider answers as it should.')).toBeVisible()
  await expectAccessible(page)
  await expectFitsPhone(page)

  // the account's owner withdraws it at Box
  await fake.revokeAll('box')
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText(/Reconnect needed: Box no longer takes the sign-in/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Reconnect to Box' }).click()
  await page.getByLabel('Bert Backup').check()
  await page.getByRole('button', { name: 'Grant access to Box' }).click()
  await expect(page.getByText(/belongs to Ada Archivist .* and the sign-in was for Bert Backup/)).toBeVisible()
  await page.getByRole('button', { name: 'Reconnect to Box' }).click()
  await page.getByRole('button', { name: 'Grant access to Box' }).click()
  await expect(page.getByText('Box knows this dashboard as ada@example.org.')).toBeVisible()

  await page.locator('html[data-awake]').waitFor()
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
  await expect(page.getByText('Disconnected, here and at the provider.')).toBeVisible()
  await page.context().close()
})

test('a person pastes what rclone authorize printed on another computer', async ({ page }) => {
  const fake = controlAt(surroundings().fakeProviders.controlUrl)
  const app = await fake.addApp('box')
  await signInAs(page, 'admin')
  await enterConnection(page, 'Box by paste', app)
  await expect(page.getByText(`rclone authorize "box" "${app.clientId}" "CLIENT-SECRET"`)).toBeVisible()
  await page.getByLabel('What came out').fill('hello')
  await page.getByRole('button', { name: 'Try it and save' }).click()
  await expect(page.getByText('This is neither a token nor an address with a code in it.').first()).toBeVisible()
  const { accessToken, refreshToken } = await fake.mint('box', app.clientId)
  const token = JSON.stringify({ access_token: accessToken, token_type: 'bearer', refresh_token: refreshToken })
  await page.getByLabel('What came out').fill(`Paste the following --->\n${token}\n<---End paste`)
  await page.getByRole('button', { name: 'Try it and save' }).click()
  await expect(page.getByText('Ada Archivist, ada@example.org')).toBeVisible()
})
