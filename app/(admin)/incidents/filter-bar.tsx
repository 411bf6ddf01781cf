'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/input'
import type { IncidentFilter } from '@/core/incidents/incident-filter'
import { incidentKinds, severities } from '@/core/incidents/kind-rules'

/** Narrows the list; the choice stands in the address, so that it can be kept, shared and gone back from. */
export function FilterBar({
  filter,
  instances,
}: {
  filter: IncidentFilter
  instances: { slug: string; name: string }[]
}) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const choose = (name: keyof IncidentFilter, value: string) => {
    const query = new URLSearchParams(filter as Record<string, string>)
    if (value) query.set(name, value)
    else query.delete(name)
    startTransition(() => router.push(`/incidents?${query}`, { scroll: false }))
  }
  const choices = [
    { name: 'state', label: 'State', all: 'Open and closed', options: { open: 'open', closed: 'closed' } },
    { name: 'severity', label: 'Severity', all: 'All severities', options: sameWords(severities) },
    { name: 'kind', label: 'Kind', all: 'All kinds', options: incidentKinds },
    {
      name: 'instance',
      label: 'Instance',
      all: 'All instances',
      options: Object.fromEntries(instances.map(({ slug, name }) => [slug, name])),
    },
  ] as const
  return (
    <search className="flex flex-wrap gap-3" aria-busy={pending}>
      {choices.map(({ name, label, all, options }) => (
        <Select
          key={name}
          aria-label={label}
          className="w-[calc(50%-0.375rem)] sm:w-48"
          value={filter[name] ?? ''}
          onChange={(event) => choose(name, event.target.value)}
        >
          <option value="">{all}</option>
          {Object.entries(options).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      ))}
      {Object.keys(filter).length > 0 && (
        <Button variant="ghost" onClick={() => router.push('/incidents')}>
          Show all
        </Button>
      )}
    </search>
  )
}

function sameWords(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value) => [value, value]))
}
