import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { startSurroundings } from './start-surroundings'

export { expect }

/**
 * Each process of stories has a dashboard of its own, so that they may run at the same time. Every page is watched: a message on
 * the browser's console.error, or an error nobody caught, fails the story, but for messages that `forgiven` fits, in a story that
 * cuts a connection.
 */
export const test = base.extend<{ forgiven: RegExp | null; watched: undefined }, { dashboard: undefined }>({
  dashboard: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
    async ({}, use) => {
      const stop = await startSurroundings()
      await use(undefined)
      await stop()
    },
    { scope: 'worker', auto: true },
  ],
  forgiven: [null, { option: true }],
  watched: [
    async ({ context, forgiven }, use) => {
      const errors: string[] = []
      context.on('console', (message) => {
        if (message.type() !== 'error' || forgiven?.test(message.text())) return
        errors.push(`${message.text()} (${message.location().url})`)
      })
      context.on('weberror', (error) => errors.push(String(error.error())))
      await use(undefined)
      expect(errors, 'errors in the browser').toEqual([])
    },
    { auto: true },
  ],
})

/** Opens a page and waits until React has taken over: what is typed before could be set back. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('html[data-awake]').waitFor()
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

/** WCAG 2.2 A and AA by axe, in the light and the dark theme. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page), page.url()).toEqual([])
}

/** All rules in the light theme; in the dark one colours alone are different, so only they are looked at again. */
export async function violationsOf(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
    // no page holds a frame of another origin, and gathering results from those takes most of the time
    builder.setLegacyMode()
    const looked = colorScheme === 'light' ? builder.withTags(tags) : builder.withRules(['color-contrast'])
    const { violations } = await looked.analyze()
    for (const { id, nodes } of violations)
      found.push(`${colorScheme}, ${id}: ${nodes.map((node) => node.html.slice(0, 300)).join(' ')}`)
  }
  return found
}

/** No page scrolls sideways on a phone. */
export async function expectFitsPhone(page: Page): Promise<void> {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  // a chart takes its new width in the frame after the page has
  await expect.poll(overflow, { message: `${page.url()} at 390 px` }).toBeLessThanOrEqual(0)
  if (size) await page.setViewportSize(size)
}
