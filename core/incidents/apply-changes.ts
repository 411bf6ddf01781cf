import { randomUUID } from 'node:crypto'
import { type Telling, enqueueChanges } from '@/core/deliveries/enqueue-changes'
import type { Entry } from '@/core/deliveries/content'
import type { Environment, Transaction } from '@/lib/db'
import { believable, type Change } from './changes'
import { type Condition, openKeyOf } from './condition'

type Instances = Map<string, { id: string; name: string; environment: Environment }>

/** Carries changes out, and writes whom they are told to, all in the caller's transaction. */
export async function applyChanges(transaction: Transaction, changes: Change[], now: Date): Promise<void> {
  const instances = await readInstances(transaction)
  const tellings: Telling[] = []
  for (const change of changes) {
    const telling = await apply(transaction, change, instances, now)
    if (telling) tellings.push(telling)
  }
  await enqueueChanges(transaction, tellings, now)
}

async function readInstances(transaction: Transaction): Promise<Instances> {
  const rows = await transaction.instance.findMany({ select: { id: true, name: true, environment: true } })
  return new Map(rows.map((row) => [row.id, row]))
}

async function apply(
  transaction: Transaction,
  change: Change,
  instances: Instances,
  now: Date,
): Promise<Telling | null> {
  switch (change.type) {
    case 'open':
    case 'note': {
      const { condition } = change
      const id = randomUUID()
      const openedAt = earlier(condition.since, now)
      const ending = change.type === 'note' ? 'over' : null
      await transaction.incident.create({
        data: {
          ...{ id, openedAt, changedAt: now, ...shownColumns(condition) },
          ...(ending ? { closedAt: now, ending } : { openKey: openKeyOf(condition) }),
          ...{ kind: condition.kind, subject: condition.subject },
          instances: { create: known(condition.instanceIds, instances).map((instanceId) => ({ instanceId })) },
        },
      })
      return tell(change.tell, id, condition, openedAt, instances, now, ending)
    }
    case 'reopen': {
      const { incident, condition } = change
      await transaction.incident.update({
        where: { id: incident.id },
        data: {
          ...{ openKey: openKeyOf(condition), closedAt: null, ending: null, clearSince: null, changedAt: now },
          ...{ returns: { increment: 1 }, remindedAt: null, reminders: 0, ...shownColumns(condition) },
        },
      })
      await replaceInstances(transaction, incident.id, condition, instances)
      return tell(change.tell, incident.id, condition, incident.openedAt, instances, now)
    }
    case 'update': {
      const { incident, condition, tell: telling, hasReturned } = change
      const { changedAt, remindedAt } = believable(incident, now)
      const worsened = { changedAt: now, remindedAt: null, reminders: 0, ...unacknowledged }
      await transaction.incident.update({
        where: { id: incident.id },
        data: {
          ...{ clearSince: null, changedAt, remindedAt, ...shownColumns(condition) },
          ...(hasReturned ? { returns: { increment: 1 } } : {}),
          ...(telling ? worsened : {}),
        },
      })
      await replaceInstances(transaction, incident.id, condition, instances)
      return telling ? tell(telling, incident.id, condition, incident.openedAt, instances, now) : null
    }
    case 'remind': {
      const { incident, condition } = change
      await transaction.incident.update({
        where: { id: incident.id },
        data: {
          ...{ remindedAt: now, reminders: { increment: 1 }, clearSince: null },
          ...{ ...unacknowledged, ...shownColumns(condition) },
        },
      })
      return tell(change.tell, incident.id, condition, incident.openedAt, instances, now)
    }
    case 'clear':
      await transaction.incident.update({ where: { id: change.incident.id }, data: { clearSince: now } })
      return null
    case 'close': {
      const { incident, at, ending } = change
      const row = await transaction.incident.update({
        where: { id: incident.id },
        data: { openKey: null, closedAt: at, ending, clearSince: null },
        include: { instances: true },
      })
      const instanceIds = row.instances.map(({ instanceId }) => instanceId)
      const closed = { ...row, instanceIds }
      return tell(change.tell, incident.id, closed, incident.openedAt, instances, at, ending)
    }
  }
}

const unacknowledged = { acknowledgedAt: null, acknowledgedBy: null, acknowledgement: null, quietUntil: null }

type Shown = Pick<Condition, 'severity' | 'title' | 'text' | 'meaning' | 'action' | 'href'>

function shownColumns({ severity, title, text, meaning, action, href }: Shown): Shown {
  return { severity, title, text, meaning, action, href }
}

async function replaceInstances(
  transaction: Transaction,
  incidentId: string,
  condition: Condition,
  instances: Instances,
) {
  for (const instanceId of known(condition.instanceIds, instances)) {
    const key = { incidentId, instanceId }
    await transaction.incidentInstance.upsert({ where: { incidentId_instanceId: key }, create: key, update: {} })
  }
}

function known(ids: string[], instances: Instances): string[] {
  return ids.filter((id) => instances.has(id))
}

function tell(
  change: Entry['change'],
  incidentId: string,
  about: Shown & { kind: string; subject: string; instanceIds: string[] },
  openedAt: Date,
  instances: Instances,
  at: Date,
  ending: Entry['ending'] = null,
): Telling {
  const entry: Entry = {
    ...{ change, incidentId, kind: about.kind, ...shownColumns(about) },
    instances: about.instanceIds.flatMap((id) => instances.get(id) ?? []),
    since: openedAt.toISOString(),
    at: at.toISOString(),
    ending,
    isBrief: false,
  }
  return { entry, subject: about.subject }
}

/** Facts of a wrong clock may name a time to come. */
function earlier(since: Date | null, now: Date): Date {
  return since && since < now ? since : now
}
