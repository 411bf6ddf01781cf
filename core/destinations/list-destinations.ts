import { db } from '@/lib/db'
import type { Destinations } from './schema'

const mostIncidents = 20

/** Everything that has a page of its own and a name, by name; backups are found by their history. */
export async function listDestinations({ mayRun }: { mayRun: boolean }): Promise<Destinations> {
  const [incidents, instances, plans, remotes, lastFailure] = await Promise.all([
    db().incident.findMany({
      where: { closedAt: null },
      orderBy: { openedAt: 'desc' },
      take: mostIncidents,
      select: { id: true, title: true, severity: true },
    }),
    db().instance.findMany({
      orderBy: { name: 'asc' },
      select: { slug: true, name: true, workers: { where: { state: { not: 'revoked' } }, select: { slug: true } } },
    }),
    db().plan.findMany({
      orderBy: [{ instance: { name: 'asc' } }, { name: 'asc' }],
      select: { id: true, name: true, instance: { select: { name: true } } },
    }),
    db().remote.findMany({ orderBy: { name: 'asc' }, select: { id: true, name: true, backend: true } }),
    findLastFailure(),
  ])
  const planNames = plans.map(({ id, name, instance }) => ({ id, label: name, hint: instance.name }))
  return {
    destinations: [
      ...incidents.map(({ id, title, severity }) => place('incident', title, severity, `/incidents/${id}`)),
      ...instances.map(({ slug, name }) => place('instance', name, slug, `/instances/${slug}`)),
      ...planNames.map(({ id, label, hint }) => place('plan', label, hint, `/plans/${id}`)),
      ...remotes.map(({ id, name, backend }) => place('remote', name, backend, `/remotes/${id}`)),
      ...instances.flatMap(({ slug, name, workers }) =>
        workers.map((worker) => place('worker', worker.slug, name, `/instances/${slug}/workers/${worker.slug}`)),
      ),
    ],
    runnablePlans: mayRun ? planNames : [],
    lastFailure,
  }
}

type Destination = Destinations['destinations'][number]

function place(kind: Destination['kind'], label: string, hint: string, href: string): Destination {
  return { kind, label, hint, href }
}

async function findLastFailure(): Promise<Destinations['lastFailure']> {
  const backup = await db().backup.findFirst({
    where: { state: { in: ['failed', 'lost'] } },
    orderBy: { sequence: 'desc' },
    select: { id: true, planSlug: true, requestedAt: true, finishedAt: true, instance: { select: { name: true } } },
  })
  if (!backup) return null
  const { id, planSlug, requestedAt, finishedAt, instance } = backup
  const at = (finishedAt ?? requestedAt).toISOString()
  return { label: `${planSlug} of ${instance.name}`, at, href: `/backups/${id}` }
}
