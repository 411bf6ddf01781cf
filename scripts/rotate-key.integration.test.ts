import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId, seal, sealedKeyId, unseal } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { SeededRandom } from './sample/random'
import { openTestDatabase } from './test-database'

/** Promise: `npm run rotate-key`, killed with -9 as often as one likes, loses nothing and comes to its end when it is run again. */
const from = Buffer.alloc(32, 7)
const to = Buffer.alloc(32, 8)
const rows = 4000
let db: Db
let folder: string
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, folder, close } = await openTestDatabase())
})
afterAll(() => close())

function start() {
  const environment = {
    SEALING_KEY: from.toString('base64'),
    NEW_SEALING_KEY: to.toString('base64'),
    DATA_FOLDER: folder,
  }
  return spawn(process.execPath, ['--import', 'tsx', 'scripts/rotate-key.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
}
const place = (row: string) => ({ table: 'Remote', row, field: 'secrets' })
const countOf = async (key: Buffer) => db.remote.count({ where: { secrets: { startsWith: `v1.${keyId(key)}.` } } })

test('killed in between, it resumes', async () => {
  const ids = Array.from({ length: rows }, (_, number) => `remote-${number}`)
  const common = { backend: 'sftp', options: {}, baseFolder: 'WT' }
  await db.remote.createMany({
    data: ids.map((id) => ({ ...common, id, slug: id, name: id, secrets: seal(`secret of ${id}`, place(id), from) })),
  })
  const random = new SeededRandom(20_261_126)
  let kills = 0
  while (kills < 3) {
    const before = await countOf(to)
    const child = start()
    const gone = once(child, 'exit')
    // it has begun; a little later it dies
    while (child.exitCode === null && (await countOf(to)) <= before) await new Promise((turn) => setTimeout(turn, 5))
    const pause = random.below(30)
    await new Promise((turn) => setTimeout(turn, pause))
    child.kill('SIGKILL')
    await gone
    if ((await countOf(from)) === 0) break
    kills++
    expect((await countOf(from)) + (await countOf(to))).toBe(rows)
  }
  expect(kills).toBeGreaterThan(0)
  const [exitCode] = await once(start(), 'exit')
  expect(exitCode).toBe(0)
  for (const { id, secrets } of await db.remote.findMany({ select: { id: true, secrets: true } })) {
    expect(sealedKeyId(secrets ?? '')).toBe(keyId(to))
    expect(unseal(secrets ?? '', place(id), to)).toBe(`secret of ${id}`)
  }
  expect(await db.auditEvent.count({ where: { action: 'sealing-key.rotate' } })).toBe(1)
})
