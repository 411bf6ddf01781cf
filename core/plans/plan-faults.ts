/** What keeps a plan from running at all, and the way out. */
export type PlanFault = { text: string; action: string; href: string }

/** Pure: out of a plan's rows. */
export function planFaults(plan: {
  id: string
  instance: { slug: string }
  workers: { slug: string; state: 'pending' | 'active' | 'revoked' }[]
  hasRemote: boolean
}): PlanFault[] {
  const edit = `/plans/${plan.id}/edit`
  const faults: PlanFault[] = []
  if (plan.workers.length === 0)
    faults.push({ text: 'It has no sources: nothing is backed up.', action: 'Choose its sources', href: edit })
  if (!plan.hasRemote)
    faults.push({ text: 'Its remote is gone: there is no place to write to.', action: 'Choose a remote', href: edit })
  const bySlug = new Map(plan.workers.map((worker) => [worker.slug, worker.state]))
  for (const [slug, state] of bySlug) {
    if (state === 'revoked')
      faults.push({
        text: `Its worker “${slug}” was revoked: nobody reads its sources. A new worker of the same slug takes them over; or make the sources anew on another worker.`,
        action: `Enrol “${slug}” again`,
        href: `/instances/${plan.instance.slug}/workers/new`,
      })
    if (state === 'pending')
      faults.push({
        text: `Its worker “${slug}” waits for its fingerprint to be confirmed.`,
        action: 'Confirm the worker',
        href: `/instances/${plan.instance.slug}`,
      })
  }
  return faults
}
