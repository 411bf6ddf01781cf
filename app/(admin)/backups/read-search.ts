import { z } from 'zod'
import { runStates } from '@/components/status-badge'
import type { BackupFilter } from '@/core/backups/backup-filter'
import { addDays, startOfDay } from '@/core/backups/days'
import { backupSorts } from '@/core/backups/sort-rules'
import { isTimeZone } from '@/core/plans/schedule'
import { environmentSchema, slugSchema } from '@/protocol/names'
import { type BackupSearch, zoneOf } from './filter'
import { presenceWords, verificationWords } from './words'

const fields = {
  q: z.string().trim().max(200),
  instance: slugSchema,
  environment: environmentSchema,
  plan: slugSchema,
  state: z.enum(runStates),
  presence: z.enum(keysOf(presenceWords)),
  verification: z.enum(keysOf(verificationWords)),
  pinned: z.enum(['yes', 'no']),
  from: z.iso.date(),
  to: z.iso.date(),
  zone: z.string().max(60).refine(isTimeZone),
  sort: z.enum(backupSorts),
  direction: z.enum(['ascending', 'descending']),
  page: z.coerce.number().int().min(1).max(1_000_000),
}
const searchSchema = z.object(fields).partial()

/** What people call the fields whose names do not say it. */
const fieldWords: Record<string, string> = {
  q: 'search',
  presence: 'on the remote',
  verification: 'verified',
  zone: 'time zone',
}

/**
 * Reads the filter out of an address, each field by itself. `ignored` says in words what cannot be read; an empty field is as if
 * it were not there.
 */
export function readSearch(parameters: Record<string, unknown>): { search: BackupSearch; ignored: string[] } {
  const given = Object.keys(fields).filter((key) => (parameters[key] ?? '') !== '')
  const results = given.map((key) => ({ key, ...searchSchema.safeParse({ [key]: parameters[key] }) }))
  const search: BackupSearch = Object.assign({}, ...results.map(({ data }) => data))
  const ignored = results.filter(({ success }) => !success).map(({ key }) => fieldWords[key] ?? key)
  if (!search.from || !search.to || search.from <= search.to) return { search, ignored }
  const { to: _, ...rest } = search
  return { search: rest, ignored: [...ignored, 'to (it is before from)'] }
}

export function filterOf(search: BackupSearch): BackupFilter {
  const zone = zoneOf(search)
  return {
    text: search.q || undefined,
    instance: search.instance,
    environment: search.environment,
    plan: search.plan,
    state: search.state,
    presence: search.presence,
    verification: search.verification,
    pinned: search.pinned && search.pinned === 'yes',
    from: search.from ? startOfDay(search.from, zone) : undefined,
    until: search.to ? startOfDay(addDays(search.to, 1), zone) : undefined,
  }
}

function keysOf<Key extends string>(words: Record<Key, string>): Key[] {
  return Object.keys(words) as Key[]
}
