import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, isUniqueViolation, openDatabase } from './db'
import { migrate } from './migrate'

let folder: string
let file: string
let db: Db

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'db-'))
  file = join(folder, 'talekeeper.db')
  db = openDatabase(file, 'prisma/migrations')
})
afterEach(async () => {
  await db.$disconnect()
  rmSync(folder, { recursive: true })
})

const instance = (slug: string) => ({ slug, name: slug, environment: 'testing' as const })

describe('the database', () => {
  it('survives a power cut: commits are synced to the disk', async () => {
    const [row] = await db.$queryRawUnsafe<[{ synchronous: bigint }]>('PRAGMA synchronous')
    expect(Number(row.synchronous)).toBe(2)
  })

  it('keeps a write that is made while a transaction of another request is rolled back', async () => {
    let inside!: () => void
    const opened = new Promise<void>((resolve) => {
      inside = resolve
    })
    const doomed = db.$transaction(async (tx) => {
      await tx.instance.create({ data: instance('doomed') })
      inside()
      await new Promise((resolve) => setImmediate(resolve))
      throw new Error('roll back')
    })
    await opened
    const write = db.instance.create({ data: instance('kept') })
    await expect(doomed).rejects.toThrow('roll back')
    await write
    expect((await db.instance.findMany()).map((row) => row.slug)).toEqual(['kept'])
  })

  it('lets two processes read and then write at once without losing an update', async () => {
    const other = openDatabase(file, 'prisma/migrations')
    await db.processLife.create({ data: { name: 'web', upSince: new Date(0), lastSeenAt: new Date(0) } })
    const step = (client: Db) =>
      client.$transaction(async (tx) => {
        const row = await tx.processLife.findUniqueOrThrow({ where: { name: 'web' } })
        await tx.processLife.update({
          where: { name: 'web' },
          data: { lastSeenAt: new Date(row.lastSeenAt.getTime() + 1) },
        })
      })
    await Promise.all(Array.from({ length: 40 }, (_, i) => step(i % 2 ? db : other)))
    expect((await db.processLife.findUniqueOrThrow({ where: { name: 'web' } })).lastSeenAt.getTime()).toBe(40)
    await other.$disconnect()
  })

  it('tells a double apart from other failures', async () => {
    await db.instance.create({ data: instance('one') })
    const error = await db.instance.create({ data: instance('one') }).catch((error: unknown) => error)
    expect(isUniqueViolation(error)).toBe(true)
    expect(isUniqueViolation(new Error('other'))).toBe(false)
  })

  it('reads more than a thousand rows with what belongs to each', async () => {
    await db.instance.createMany({ data: Array.from({ length: 1200 }, (_, index) => instance(`many-${index}`)) })
    expect(await db.instance.findMany({ include: { plans: true } })).toHaveLength(1200)
  })
})

describe('migrations', () => {
  it('are applied once', () => {
    expect(migrate(file, 'prisma/migrations')).toEqual([])
  })

  it('refuse a database that a newer version has used, instead of writing into what they do not know', () => {
    const raw = new Database(file)
    raw.exec(
      `INSERT INTO "_prisma_migrations"(id, checksum, migration_name, finished_at) VALUES ('x', 'y', '99990101000000_future', 1)`,
    )
    raw.close()
    expect(() => migrate(file, 'prisma/migrations')).toThrow(/used by a newer Talekeeper/)
  })
})
