import { db } from '@/lib/db'

/** What only tells that processes live, and what a guess costs: not part of what a refused request must leave alone. */
const restless = ['ProcessLife', 'SignInThrottle', '_prisma_migrations', 'sqlite_sequence']

/** Every row of every table as text: two equal states mean that nothing was changed in between. */
export async function databaseState(): Promise<string> {
  const tables = await db().$queryRawUnsafe<{ name: string }[]>(
    "select name from sqlite_master where type = 'table' order by name",
  )
  const lines: string[] = []
  for (const { name } of tables) {
    if (restless.includes(name)) continue
    const rows = await db().$queryRawUnsafe<unknown[]>(`select * from "${name}" order by rowid`)
    const text = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
    lines.push(`${name} ${text}`)
  }
  return lines.join('\n')
}
