/** One run to come, with how long it is expected to take. */
export type ExpectedRun = {
  plan: { id: string; name: string }
  instance: { id: string; name: string }
  workers: string[]
  remotes: string[]
  startsAt: Date
  endsAt: Date
}

/** Two or more runs that want the same worker, instance or remote at the same time. */
export type Collision = { from: Date; until: Date; runs: ExpectedRun[]; shared: ('worker' | 'instance' | 'remote')[] }

/** Every two runs of different plans that overlap and share something, earliest first. Pure. */
export function findCollisions(runs: ExpectedRun[]): Collision[] {
  const ordered = runs.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  const collisions: Collision[] = []
  ordered.forEach((run, index) => {
    for (const later of ordered.slice(index + 1)) {
      if (later.startsAt >= run.endsAt) break
      const shared = sharedBetween(run, later)
      if (later.plan.id === run.plan.id || shared.length === 0) continue
      const until = new Date(Math.min(run.endsAt.getTime(), later.endsAt.getTime()))
      collisions.push({ from: later.startsAt, until, runs: [run, later], shared })
    }
  })
  return collisions.sort((a, b) => a.from.getTime() - b.from.getTime())
}

function sharedBetween(a: ExpectedRun, b: ExpectedRun): Collision['shared'] {
  const meet = (some: string[], others: string[]) => some.some((one) => others.includes(one))
  return [
    ...(meet(a.workers, b.workers) ? ['worker' as const] : []),
    ...(a.instance.id === b.instance.id ? ['instance' as const] : []),
    ...(meet(a.remotes, b.remotes) ? ['remote' as const] : []),
  ]
}
