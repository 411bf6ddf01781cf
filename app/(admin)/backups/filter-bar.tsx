'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { runStates } from '@/components/status-badge'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/input'
import { type BackupSearch, backupsHref } from './filter'

/** Chooses instance and state; the choice stands in the address, so that it can be kept and shared. */
export function FilterBar({
  search,
  instances,
}: {
  search: BackupSearch
  instances: { slug: string; name: string }[]
}) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const go = (next: Partial<BackupSearch>) => startTransition(() => router.push(backupsHref(next)))
  const isFiltered = search.instance || search.state || search.plan
  return (
    <search className="mb-4 flex flex-wrap items-center gap-3" aria-busy={pending}>
      <Select
        aria-label="Instance"
        className="w-full sm:w-56"
        value={search.instance ?? ''}
        onChange={(event) => go({ state: search.state, instance: event.target.value })}
      >
        <option value="">All instances</option>
        {instances.map((instance) => (
          <option key={instance.slug} value={instance.slug}>
            {instance.name}
          </option>
        ))}
      </Select>
      <Select
        aria-label="State"
        className="w-full sm:w-44"
        value={search.state ?? ''}
        onChange={(event) => go({ ...search, state: runStates.find((state) => state === event.target.value) })}
      >
        <option value="">All states</option>
        {runStates.map((state) => (
          <option key={state} value={state}>
            {state === 'warning' ? 'with warnings' : state}
          </option>
        ))}
      </Select>
      {search.plan && <span className="text-muted text-sm">of plan {search.plan}</span>}
      {isFiltered && (
        <Button variant="ghost" size="sm" onClick={() => go({})}>
          Show all
        </Button>
      )}
    </search>
  )
}
