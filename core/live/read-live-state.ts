import { countOpenIncidents } from '@/core/incidents/count-open-incidents'
import { olderFileSchema } from '@/core/restores/older-file'
import { db } from '@/lib/db'
import { type Progress, progressSchema } from '@/protocol/events'
import type { LiveState, OpenRun } from './schema'

/** All runs that wait or go on, oldest first. */
export async function readLiveState(): Promise<LiveState> {
  const [backups, restores, ends, incidents, change] = await Promise.all([
    readOpenBackups(),
    readOpenRestores(),
    readOpenEnds(),
    countOpenIncidents(),
    db().auditEvent.findFirst({ orderBy: { id: 'desc' }, select: { id: true } }),
  ])
  const runs = [...backups, ...restores]
  const version = [
    change?.id ?? 0,
    incidents.version,
    ...runs.map(({ id, state, cancelRequested }) => `${id}.${state}.${cancelRequested}`),
    ...ends.map(({ id, discardState }) => `${id}.${discardState}`),
  ]
  return { version: version.join(' '), runs, incidents }
}

const isOpen = { in: ['queued', 'running'] as ('queued' | 'running')[] }
const instanceSelect = { select: { slug: true, name: true } }

async function readOpenBackups(): Promise<OpenRun[]> {
  const rows = await db().backup.findMany({
    where: { state: isOpen },
    orderBy: { sequence: 'asc' },
    select: {
      id: true,
      state: true,
      instance: instanceSelect,
      planSlug: true,
      plan: { select: { name: true } },
      requestedAt: true,
      startedAt: true,
      cancelRequestedAt: true,
      // of several workers the one that has it in hand
      tasks: { where: { startedAt: { not: null } }, orderBy: { attempt: 'desc' }, take: 1, select: { progress: true } },
    },
  })
  return rows.map(({ id, state, instance, planSlug, plan, tasks, ...row }) => ({
    name: 'backup',
    id,
    state: state === 'queued' ? 'queued' : 'running',
    instance,
    planName: plan?.name ?? planSlug,
    since: (row.startedAt ?? row.requestedAt).toISOString(),
    cancelRequested: row.cancelRequestedAt !== null,
    progress: progressOf(tasks[0]?.progress),
  }))
}

async function readOpenRestores(): Promise<OpenRun[]> {
  const rows = await db().restore.findMany({
    where: { state: isOpen },
    orderBy: { requestedAt: 'asc' },
    select: {
      id: true,
      state: true,
      instance: instanceSelect,
      backup: { select: { planSlug: true, plan: { select: { name: true } } } },
      olderFile: true,
      requestedAt: true,
      startedAt: true,
      cancelRequestedAt: true,
      tasks: { select: { progress: true } },
    },
  })
  return rows.map(({ id, state, instance, backup, olderFile, tasks, ...row }) => ({
    name: 'restore',
    id,
    state: state === 'queued' ? 'queued' : 'running',
    instance,
    planName: backup ? (backup.plan?.name ?? backup.planSlug) : olderFileSchema.parse(olderFile).name,
    since: (row.startedAt ?? row.requestedAt).toISOString(),
    cancelRequested: row.cancelRequestedAt !== null,
    progress: progressOf(tasks[0]?.progress),
  }))
}

/** Of restores that are over: what they left is being removed, or put back. */
function readOpenEnds() {
  const select = { id: true, discardState: true }
  return db().restoreTask.findMany({ where: { discardState: isOpen }, orderBy: { id: 'asc' }, select })
}

function progressOf(json: unknown): Progress | null {
  return progressSchema
    .nullable()
    .catch(null)
    .parse(json ?? null)
}
