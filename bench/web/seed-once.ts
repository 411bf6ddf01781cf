import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase, setDatabase } from '@/lib/db'
import { seedHistory } from '../seed/history'

/** Fills the database in `dataFolder`, unless that was done today with the same seed and schema. Returns how many backups it has. */
export async function seedOnce(
  dataFolder: string,
  size: { instances: number; days: number },
  say: (text: string) => void,
): Promise<number> {
  const [database, stamp] = [join(dataFolder, 'talekeeper.db'), join(dataFolder, 'seed.txt')]
  const key = keyOf(size)
  const isDone = existsSync(stamp) && readFileSync(stamp, 'utf8') === key
  if (!isDone) rmSync(dataFolder, { recursive: true, force: true })
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const db = openDatabase(database, 'prisma/migrations')
  setDatabase(db)
  if (!isDone) {
    const start = performance.now()
    const count = await seedHistory(db, size)
    say(`seeded ${count} backups in ${((performance.now() - start) / 1000).toFixed(0)} s`)
    writeFileSync(stamp, key)
  }
  return db.backup.count()
}

function keyOf(size: object): string {
  const hash = createHash('sha256').update(JSON.stringify(size))
  for (const folder of ['bench/seed', 'prisma/migrations'])
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|sql)$/.test(name)) hash.update(readFileSync(join(folder, name)))
  return `${new Date().toISOString().slice(0, 10)} ${hash.digest('hex')}`
}
