import { db } from '@/lib/db'

export type BenchPage = { name: string; path: string; hasGoal: boolean }

/** Overview, the history in the ways that people look at it, and the pages that they go on to. */
export async function listPages(): Promise<BenchPage[]> {
  const { id } = await db().backup.findFirstOrThrow({ where: { state: 'succeeded' }, orderBy: { sequence: 'desc' } })
  const year = new Date().getUTCFullYear() - 1
  const lists: [string, string][] = [
    ['all', ''],
    ['page 1,000', '?page=1000'],
    ['last page', '?page=999999'],
    ['one instance', '?instance=wt-007'],
    ['production', '?environment=production'],
    ['failed', '?state=failed'],
    ['succeeded', '?state=succeeded&page=700'],
    ['deleted by retention', '?presence=pruned'],
    ['missing', '?presence=missing'],
    ['restored and compared', '?verification=drilled'],
    ['pinned', '?pinned=yes'],
    ['a month, in Chicago', `?from=${year}-03-01&to=${year}-03-31&zone=America/Chicago`],
    ['text', '?q=not+mounted'],
    ['text, found nowhere', '?q=no+such+thing'],
    ['by size', '?sort=size'],
    ['by duration, deep', '?sort=took&page=1500'],
    ['by instance', '?sort=instance'],
    ['by state', '?sort=state'],
    ['all at once', `?q=box&environment=testing&state=failed&presence=absent&from=${year}-01-01&sort=size`],
  ]
  return [
    { name: 'overview', path: '/', hasGoal: true },
    ...lists.map(([name, query]) => ({ name: `history: ${name}`, path: `/backups${query}`, hasGoal: true })),
    { name: 'one backup', path: `/backups/${id}`, hasGoal: false },
    { name: 'plans', path: '/plans', hasGoal: false },
    { name: 'export of all as CSV', path: '/api/backups/export?format=csv', hasGoal: false },
  ]
}
