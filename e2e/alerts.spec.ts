import { watch } from '@/core/incidents/watch'
import { db } from '@/lib/db'
import { startReceiver } from '@/scripts/servers/receiver'
import { createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

test('an overdue backup is told through a channel, taken on, and told to be over', async ({ page }) => {
  const { url } = surroundings()
  const receiver = await startReceiver()
  /** what it heard, a line a change; tests aside */
  const told = () =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as { kind: string; entries: { change: string; title: string }[] })
      .filter(({ kind }) => kind === 'changes')
      .flatMap(({ entries }) => entries.map(({ change, title }) => `${change} ${title}`))
      .join('\n')
  /** Looks as control does every minute; sending what is to be told is left to control itself. */
  const toldAfterLook = async () => {
    await watch()
    return told()
  }
  try {
    await signInAs(page, 'admin')
    await visit(page, `${url}/alerts/new`)
    await expect(page.getByTitle('The mail as HTML')).toBeVisible()
    await page.getByLabel('Kind', { exact: true }).selectOption('webhook')
    await page.getByLabel('Name', { exact: true }).fill('Receiver')
    await page.getByLabel('Address').fill('http://169.254.169.254/latest')
    await page.getByLabel('Signing key').fill('a key of sixteen letters')
    await page.getByRole('button', { name: 'Send a test' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'ALERT_NETWORKS' })).toBeVisible()
    await page.getByLabel('Address').fill(`${receiver.url}/hook`)
    await page.getByRole('button', { name: 'Send a test' }).click()
    await expect(page.getByText('The other side said: 200 taken')).toBeVisible()
    await expectAccessible(page)
    await expectFitsPhone(page)
    await page.getByRole('button', { name: 'Add channel' }).click()
    await expect(page).toHaveURL(`${url}/alerts`)
    await expect(page.getByRole('link', { name: 'Receiver' })).toBeVisible()
    await expectAccessible(page)

    const { instance, plan, worker, remote } = await createScene(db())
    const dayAgo = new Date(Date.now() - 2 * 86_400_000)
    await db().plan.update({ where: { id: plan.id }, data: { scheduledFrom: dayAgo, name: 'Overdue plan' } })
    await expect.poll(toldAfterLook, { timeout: 60_000 }).toMatch(/opened “Overdue plan” of .* is overdue/)

    await visit(page, `${url}/incidents?kind=backup-overdue&state=open`)
    await expectAccessible(page)
    await expectFitsPhone(page)
    await expect(page).toHaveTitle(/^\(\d+\) Incidents/)
    await page
      .getByRole('link', { name: /“Overdue plan” of .* is overdue/ })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('is overdue')
    await page.getByLabel('Reason').fill('The worker is being moved')
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await expect(page.getByText('The worker is being moved').first()).toBeVisible()
    await expectAccessible(page)

    const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
    await createGoodBackup(db(), { ...facts, remoteId: remote.id })
    await expect.poll(toldAfterLook, { timeout: 60_000 }).toMatch(/closed “Overdue plan” of .* is overdue/)
    await page.reload()
    await expect(page.getByText('recovered', { exact: true }).first()).toBeVisible()
  } finally {
    await db().channel.deleteMany({ where: { name: 'Receiver' } })
    await receiver.stop()
  }
})

test('health, readiness and metrics tell a watchdog what it may know', async ({ request }) => {
  const { url } = surroundings()
  await expect.poll(async () => (await request.get(`${url}/api/ready`)).status(), { timeout: 90_000 }).toBe(200)
  expect((await request.get(`${url}/metrics`)).status()).toBe(401)
  const metrics = await request.get(`${url}/metrics`, { headers: { authorization: 'Bearer a token of the stories' } })
  expect(await metrics.text()).toContain('talekeeper_control_up 1')
})
