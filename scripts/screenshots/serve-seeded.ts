import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedSmall } from '@/bench/seed/small'
import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { db } from '@/lib/db'
import { startStack } from '@/scripts/stack'
import { keepAlive } from './keep-alive'
import { listPages } from './list-pages'

/**
 * Serves a seeded dashboard, in a process of its own as a process has one database: prints where it is and its pages as one line of
 * JSON (`e2e/seeded.ts`), and ends with its stdin.
 */
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-seeded-'))
const stack = await startStack(folder, {}, { withControl: false })
Object.assign(process.env, stack.environment)
try {
  await seedSmall(db())
  await keepAlive()
  const alive = setInterval(() => void keepAlive(), 10_000)
  const { url: firstRunUrl } = await makeSignInLink(stack.url)
  console.log(JSON.stringify({ url: stack.url, firstRunUrl, pages: await listPages(db()) }))
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.once('end', resolve))
  clearInterval(alive)
} finally {
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
