import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Prisma, PrismaClient } from '@/prisma/generated/client'
import { controlPlaneEnv } from './env'
import { migrate } from './migrate'
import { SafeSqlite } from './sqlite-adapter'

export type * from '@/prisma/generated/client'
export { Prisma }
export type Db = PrismaClient
/** what an interactive transaction hands out; use cases that take part in another's transaction accept either */
export type Transaction = Prisma.TransactionClient

/** Opens a database file, bringing it to the current schema first. Tests use it with files of their own. */
export function openDatabase(databaseFile: string, migrationsFolder: string): Db {
  mkdirSync(dirname(databaseFile), { recursive: true, mode: 0o700 })
  migrate(databaseFile, migrationsFolder)
  return new PrismaClient({
    adapter: new SafeSqlite({ url: `file:${databaseFile}` }),
    transactionOptions: { maxWait: 10_000, timeout: 15_000 },
  })
}

const shared = globalThis as typeof globalThis & { talekeeperDatabase?: Db }

/** The process's one client, opened at first use. */
export function db(): Db {
  if (!shared.talekeeperDatabase) {
    const env = controlPlaneEnv()
    shared.talekeeperDatabase = openDatabase(env.databaseFile, env.migrationsFolder)
  }
  return shared.talekeeperDatabase
}

/** Makes `database` the process's one client: tests, and command lines that open a database by themselves. */
export function setDatabase(database: Db): void {
  shared.talekeeperDatabase = database
}

/** True when a unique constraint refused the write. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
