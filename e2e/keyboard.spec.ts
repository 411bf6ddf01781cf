import type { Locator } from '@playwright/test'
import { db } from '@/lib/db'
import { createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { ensureUser, signInAs } from './sign-in'
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
    await tabTo(cancel)
    await keyboard.press('Enter')
    await tabTo(page.getByRole('alertdialog').getByRole('button', { name: 'Cancel backup' }))
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

test('without a mouse: signed in, a plan made, a backup pinned, another deleted by its name', async ({ page }) => {
  const { instance, source, remote, ...scene } = await createScene(db())
  const backupFacts = {
    ...{ instanceId: instance.id, planId: scene.plan.id, planSlug: scene.plan.slug },
    ...{ workerId: scene.worker.id, remoteId: remote.id },
  }
  const old = await createGoodBackup(db(), backupFacts)
  const newest = await createGoodBackup(db(), backupFacts)
  const { keyboard } = page
  const type = async (field: Locator, text: string) => {
    await tabTo(field)
    await keyboard.type(text)
  }
  const press = async (button: Locator) => {
    await tabTo(button)
    await keyboard.press('Enter')
  }

  await test.step('signed in', async () => {
    const { email, password } = await ensureUser('admin')
    await visit(page, `${surroundings().url}/sign-in`)
    await type(page.getByLabel('E-mail'), email)
    await type(page.getByLabel('Password'), password)
    await keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  })

  const slug = ownName('by-keys')
  await test.step('a plan is made', async () => {
    await visit(page, `${surroundings().url}/plans/new`)
    // letters choose in a list
    await type(page.getByLabel('Instance'), instance.name)
    await type(page.getByLabel('Name'), 'Made by keys')
    await type(page.getByLabel('Slug'), slug)
    await tabTo(page.getByLabel(source.slug))
    await keyboard.press('Space')
    await type(page.getByLabel('Remote', { exact: true }), remote.name)
    await press(page.getByRole('button', { name: 'Make plan' }))
    await expect(page.getByRole('heading', { level: 1, name: 'Made by keys' })).toBeVisible()
    const plan = await db().plan.findFirstOrThrow({ where: { slug }, include: { sources: true } })
    expect(plan).toMatchObject({ instanceId: instance.id, sources: [{ sourceId: source.id }] })
  })

  await test.step('a backup is pinned', async () => {
    await visit(page, `${surroundings().url}/backups/${newest.id}`)
    await press(page.getByRole('button', { name: 'Pin', exact: true }))
    await type(page.getByLabel('Why'), 'Before the upgrade')
    await press(page.getByRole('button', { name: 'Pin backup' }))
    await expect(page.getByRole('button', { name: 'Unpin' })).toBeVisible()
  })

  await test.step('another is deleted', async () => {
    await visit(page, `${surroundings().url}/backups/${old.id}`)
    await press(page.getByRole('button', { name: 'Delete backup' }))
    const dialog = page.getByRole('alertdialog')
    await type(dialog.getByLabel(/^Type/), old.folder ?? '')
    await press(dialog.getByRole('button', { name: 'Delete backup' }))
    await expect(dialog).toHaveCount(0)
    expect(await db().pruneItem.count({ where: { backupId: old.id, reason: 'requested' } })).toBe(1)
  })
})

/** Presses Tab until that has the focus: it must be reachable, and not after a hundred stops. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor()
  for (let stop = 0; stop < 100; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await target.page().keyboard.press('Tab')
  }
  throw new Error(`${target} was not reached by Tab`)
}
