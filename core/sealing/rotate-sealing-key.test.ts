import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { control } from '@/core/audit/actor'
import { sealedKeyId, keyId, seal, unseal } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createRemote } from '@/scripts/test-rows'
import { rotateSealingKey } from './rotate-sealing-key'
import { sealedColumns } from './sealed-columns'

/** Promise: after a rotation everything opens with the new key and nothing with the old; halfway through, nothing is lost. */
const from = Buffer.alloc(32, 7)
const to = Buffer.alloc(32, 8)
let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())
beforeEach(() => db.remote.deleteMany())

async function sealedRemote(key: Buffer, plain: string) {
  const { id } = await createRemote(db)
  const secrets = seal(plain, { table: 'Remote', row: id, field: 'secrets' }, key)
  await db.remote.update({ where: { id }, data: { secrets } })
  return id
}
const openedWith = async (id: string, key: Buffer) => {
  const { secrets } = await db.remote.findUniqueOrThrow({ where: { id } })
  return unseal(secrets ?? '', { table: 'Remote', row: id, field: 'secrets' }, key)
}

it('knows every column that the schema calls sealed', () => {
  const schema = readFileSync('prisma/schema.prisma', 'utf8')
  const named: string[] = []
  for (const [, table = '', body = ''] of schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm))
    for (const [, column] of body.matchAll(/\/\/\/[^\n]*\bsealed\b[^\n]*\n\s+(\w+)/g)) named.push(`${table}.${column}`)
  const known = sealedColumns.map(({ table, column }) => `${table}.${column}`)
  // these two say it of the model
  const expected = [...named, 'SigningKey.privateKey', 'Ask.spec']
  expect([...known].sort((a, b) => a.localeCompare(b))).toEqual(expected.sort((a, b) => a.localeCompare(b)))
})

it('goes on where an interrupted rotation ended, and does nothing a second time', async () => {
  const old = await Promise.all(Array.from({ length: 250 }, (_, number) => sealedRemote(from, `secret ${number}`)))
  const done = await sealedRemote(to, 'done before')
  expect(await rotateSealingKey(control, { from, to })).toEqual({ resealed: 250, already: 1 })
  expect(await openedWith(old[17] ?? '', to)).toBe('secret 17')
  expect(await openedWith(done, to)).toBe('done before')
  await expect(openedWith(old[17] ?? '', from)).rejects.toThrow(/another key/)
  const rows = await db.remote.findMany()
  expect(new Set(rows.map(({ secrets }) => sealedKeyId(secrets ?? '')))).toEqual(new Set([keyId(to)]))
  expect(await rotateSealingKey(control, { from, to })).toEqual({ resealed: 0, already: 251 })
  expect(await db.auditEvent.count({ where: { action: 'sealing-key.rotate' } })).toBe(2)
})

it('changes nothing where a value opens with neither key, with one key twice, or while the dashboard runs', async () => {
  const good = await sealedRemote(from, 'good')
  const strange = await sealedRemote(Buffer.alloc(32, 9), 'strange')
  await expect(rotateSealingKey(control, { from, to })).rejects.toMatchObject({ code: 'unknown-key', where: strange })
  await expect(rotateSealingKey(control, { from, to: from })).rejects.toMatchObject({ code: 'same-key' })
  await db.remote.delete({ where: { id: strange } })
  await db.processLife.create({ data: { name: 'web', upSince: new Date(), lastSeenAt: new Date() } })
  await expect(rotateSealingKey(control, { from, to })).rejects.toMatchObject({ code: 'still-running' })
  expect(await openedWith(good, from)).toBe('good')
  await db.processLife.deleteMany()
})
