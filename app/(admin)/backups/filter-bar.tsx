'use client'

import { LoaderCircle, Search, SlidersHorizontal } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ComponentProps, type ReactNode, useId, useState, useSyncExternalStore, useTransition } from 'react'
import { runStates } from '@/components/status-badge'
import { Button } from '@/components/ui/button'
import { Input, Select } from '@/components/ui/input'
import type { FilterChoices } from '@/core/backups/list-filter-choices'
import { backupSorts, firstDirections } from '@/core/backups/sort-rules'
import { environments } from '@/protocol/names'
import { type BackupSearch, backupsHref, isNarrowed, orderOf, zoneOf } from './filter'
import { presenceWords, verificationShort } from './words'

/** Narrows the list; the choice stands in the address, so that it can be kept, shared and gone back from. */
export function FilterBar({ search, choices }: { search: BackupSearch; choices: FilterChoices }) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [isOpen, setOpen] = useState(moreOf(search) > 0)
  const moreId = useId()
  const go = (next: BackupSearch) => startTransition(() => router.push(backupsHref(next), { scroll: false }))
  const choose = (change: BackupSearch) => go({ ...search, ...change })
  const more = moreOf(search)
  return (
    <search className="space-y-3" aria-busy={pending}>
      <div className="flex flex-wrap items-center gap-3">
        <TextSearch key={search.q ?? ''} text={search.q ?? ''} onSearch={(q) => choose({ q })} />
        <Choice label="Instance" value={search.instance} onChoose={(instance) => choose({ instance, plan: undefined })}>
          <option value="">All instances</option>
          {named(choices.instances, search.instance).map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Choice>
        <Choice label="State" value={search.state} onChoose={(state) => choose({ state: find(runStates, state) })}>
          <option value="">All states</option>
          {runStates.map((state) => (
            <option key={state} value={state}>
              {state === 'warning' ? 'with warnings' : state}
            </option>
          ))}
        </Choice>
        <Button aria-expanded={isOpen} aria-controls={moreId} onClick={() => setOpen(!isOpen)}>
          <SlidersHorizontal aria-hidden />
          {more > 0 ? `More filters (${more})` : 'More filters'}
        </Button>
        {isNarrowed(search) && (
          <Button
            variant="ghost"
            onClick={() => go({ zone: search.zone, sort: search.sort, direction: search.direction })}
          >
            Show all
          </Button>
        )}
        {pending && <LoaderCircle className="size-4 animate-spin text-muted" aria-hidden />}
      </div>
      <div id={moreId} hidden={!isOpen}>
        <MoreFilters search={search} plans={choices.plans} choose={choose} />
      </div>
      <Choice
        label="Sort by"
        className="md:hidden"
        value={sortValue(search)}
        onChoose={(value) => choose(sortOf(value))}
      >
        {backupSorts.flatMap((sort) =>
          (['descending', 'ascending'] as const).map((direction) => (
            <option key={sort + direction} value={`${sort} ${direction}`}>
              {sortWords[sort][direction]}
            </option>
          )),
        )}
      </Choice>
    </search>
  )
}

type Choose = (change: BackupSearch) => void

function MoreFilters({ search, plans, choose }: { search: BackupSearch; plans: string[]; choose: Choose }) {
  const browserZone = useBrowserZone()
  const zones = [...new Set(['UTC', browserZone, zoneOf(search)])]
  // days mean something in a zone alone: the browser's, unless another was chosen
  const chooseDay = (change: BackupSearch) => choose({ zone: search.zone ?? browserZone, ...change })
  return (
    <div className="grid gap-3 rounded-xl border border-border bg-surface p-4 sm:grid-cols-2 lg:grid-cols-4">
      <Labelled label="Plan">
        <Choice value={search.plan} onChoose={(plan) => choose({ plan })}>
          <option value="">All plans</option>
          {[...new Set([...plans, ...(search.plan ? [search.plan] : [])])].map((plan) => (
            <option key={plan}>{plan}</option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="Environment">
        <Choice value={search.environment} onChoose={(value) => choose({ environment: find(environments, value) })}>
          <option value="">All environments</option>
          {environments.map((environment) => (
            <option key={environment}>{environment}</option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="On the remote">
        <Choice value={search.presence} onChoose={(value) => choose({ presence: find(keysOf(presenceWords), value) })}>
          <option value="">Whatever is there</option>
          {keysOf(presenceWords).map((presence) => (
            <option key={presence} value={presence}>
              {presenceWords[presence]}
            </option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="Verified">
        <Choice
          value={search.verification}
          onChoose={(value) => choose({ verification: find(keysOf(verificationShort), value) })}
        >
          <option value="">However far</option>
          {keysOf(verificationShort).map((verification) => (
            <option key={verification} value={verification}>
              {verificationShort[verification]}
            </option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="Pinned">
        <Choice value={search.pinned} onChoose={(value) => choose({ pinned: find(['yes', 'no'] as const, value) })}>
          <option value="">Pinned or not</option>
          <option value="yes">pinned</option>
          <option value="no">not pinned</option>
        </Choice>
      </Labelled>
      <Labelled label="From">
        <DayInput day={search.from} max={search.to} onChoose={(from) => chooseDay({ from })} />
      </Labelled>
      <Labelled label="To">
        <DayInput day={search.to} min={search.from} onChoose={(to) => chooseDay({ to })} />
      </Labelled>
      <Labelled label="Days begin in">
        <Choice value={zoneOf(search)} onChoose={(zone) => choose({ zone })}>
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </Choice>
      </Labelled>
    </div>
  )
}

function TextSearch({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  return (
    <form
      className="relative w-full sm:w-64"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(String(new FormData(event.currentTarget).get('q')).trim())
      }}
    >
      <Search className="pointer-events-none absolute top-3 left-3 size-4 text-muted" aria-hidden />
      <Input
        type="search"
        name="q"
        aria-label="Search"
        placeholder="Folder, problem, pin or id"
        maxLength={200}
        defaultValue={text}
        className="pl-9"
        // its own cross empties the field without submitting
        onInput={(event) => text && !event.currentTarget.value && onSearch('')}
      />
    </form>
  )
}

function Choice({
  label,
  className = 'w-[calc(50%-0.375rem)] sm:w-48',
  value,
  onChoose,
  children,
  ...props
}: Omit<ComponentProps<'select'>, 'value' | 'onChange'> & {
  label?: string
  value: string | undefined
  onChoose: (value: string) => void
}) {
  return (
    <Select
      aria-label={label}
      className={label ? className : undefined}
      value={value ?? ''}
      onChange={(event) => onChoose(event.target.value)}
      {...props}
    >
      {children}
    </Select>
  )
}

/** Chooses a day when it is complete: while somebody types the year, the browser hands out years like 0002. */
function DayInput({
  day,
  onChoose,
  ...props
}: {
  day: string | undefined
  min?: string | undefined
  max?: string | undefined
  onChoose: (day: string) => void
}) {
  return (
    <Input
      key={day ?? ''}
      type="date"
      defaultValue={day ?? ''}
      onChange={(event) => {
        const { value, validity } = event.target
        if (validity.valid && (value === '' || value >= '1970')) onChoose(value)
      }}
      {...props}
    />
  )
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="block min-w-0 space-y-1">
      <span className="text-muted text-xs">{label}</span>
      {children}
    </label>
  )
}

/** UTC on the server and while the page wakes up, so that both render the same. */
function useBrowserZone(): string {
  return useSyncExternalStore(
    () => () => {},
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  )
}

function moreOf({ plan, environment, presence, verification, pinned, from, to }: BackupSearch): number {
  return [plan, environment, presence, verification, pinned, from, to].filter(Boolean).length
}

/** An instance that is gone stands in the list as long as it is chosen. */
function named(instances: FilterChoices['instances'], chosen: string | undefined): FilterChoices['instances'] {
  if (!chosen || instances.some(({ slug }) => slug === chosen)) return instances
  return [...instances, { slug: chosen, name: chosen }]
}

function keysOf<Key extends string>(words: Record<Key, string>): Key[] {
  return Object.keys(words) as Key[]
}

function find<Value extends string>(values: readonly Value[], value: string): Value | undefined {
  return values.find((candidate) => candidate === value)
}

const sortWords = {
  when: { descending: 'Newest first', ascending: 'Oldest first' },
  instance: { descending: 'By instance, Z to A', ascending: 'By instance, A to Z' },
  state: { descending: 'By state, best first', ascending: 'By state, worst first' },
  took: { descending: 'Longest first', ascending: 'Shortest first' },
  size: { descending: 'Largest first', ascending: 'Smallest first' },
} as const

function sortValue(search: BackupSearch): string {
  const { by, direction } = orderOf(search)
  return `${by} ${direction}`
}

function sortOf(value: string): BackupSearch {
  const [by, direction] = value.split(' ')
  const sort = find(backupSorts, by ?? '') ?? 'when'
  return {
    sort,
    direction:
      direction === 'ascending' ? 'ascending' : direction === 'descending' ? 'descending' : firstDirections[sort],
  }
}
