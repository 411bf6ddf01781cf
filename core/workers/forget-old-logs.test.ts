import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { forgetOldLogs } from './forget-old-logs'

test('logs go 400 days after their last line; newer ones and other files stay', async () => {
  const { folder, close } = await openTestDatabase()
  const logs = join(folder, 'logs')
  await forgetOldLogs()
  mkdirSync(logs)
  const now = new Date('2028-06-01T00:00:00Z')
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const ages: [string, number][] = [
    ['backup-old.log', 401],
    ['backup-new.log', 399],
    ['notes.txt', 900],
  ]
  for (const [name, days] of ages) {
    writeFileSync(join(logs, name), '')
    utimesSync(join(logs, name), daysAgo(days), daysAgo(days))
  }
  await forgetOldLogs(now)
  expect(readdirSync(logs).sort()).toEqual(['backup-new.log', 'notes.txt'])
  await close()
})
