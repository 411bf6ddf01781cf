import { readdirSync } from 'node:fs'
import { becomeAdministrator } from '@/scripts/screenshots/become-administrator'
import { expect, expectFitsPhone, test, violationsOf, visit } from './fixtures'
import { startSeeded } from './seeded'

/**
 * Every page there is, with something to see on it: WCAG 2.2 AA in both themes, no error in the browser, and it fits a phone. Other
 * stories look at what these pages become while somebody works on them.
 */
test('every page is accessible in both themes, fits a phone, and logs no error', async ({ page }) => {
  test.setTimeout(900_000)
  const dashboard = await startSeeded()
  const faults: string[] = []
  const look = async (address: string) => {
    await visit(page, address)
    for (const fault of await violationsOf(page)) faults.push(`${address}: ${fault}`)
    await expectFitsPhone(page)
  }
  try {
    await look(dashboard.firstRunUrl)
    await becomeAdministrator(page, dashboard.firstRunUrl)
    const paths = dashboard.pages.map(({ path }) => path)
    for (const path of paths) await look(dashboard.url + path)
    const unseen = pageFiles().filter((file) => !paths.some((path) => isOf(file, path)))
    expect(unseen, 'pages that scripts/screenshots/list-pages.ts does not list').toEqual([])
    await page.context().clearCookies()
    await look(`${dashboard.url}/sign-in`)
    expect(faults).toEqual([])
  } finally {
    // nothing asks a server that is gone
    await page.goto('about:blank')
    await dashboard.stop()
  }
})

/** Of the dashboard itself: `/plans/[id]/edit`. */
function pageFiles(): string[] {
  return readdirSync('app/(admin)', { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, '')}`)
}

/** Segments of a file that stand for themselves win over those in brackets. */
function isOf(file: string, path: string): boolean {
  const [pattern, segments] = [file.split('/'), (path.split('?')[0] ?? '').split('/')]
  return (
    pattern.length === segments.length &&
    pattern.every((name, index) => name === segments[index] || (name.startsWith('[') && segments[index] !== 'new'))
  )
}
