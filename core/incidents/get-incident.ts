import { changesContentSchema, type Entry } from '@/core/deliveries/content'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type IncidentListItem, toItem } from './list-incidents'

export type IncidentMessage = {
  id: string
  channel: { id: string; name: string }
  change: Entry['change']
  state: 'waiting' | 'sent' | 'failed'
  at: Date
  attempts: number
  answer: string | null
}

/** So far back messages of one incident are looked for. */
const mostMessages = 500

/** One incident with who was told of it. Throws Problem `not-found`. */
export async function getIncident(id: string): Promise<IncidentListItem & { messages: IncidentMessage[] }> {
  const row = await db().incident.findUnique({
    where: { id },
    include: { instances: { select: { instance: { select: { slug: true, name: true } } } } },
  })
  if (!row)
    throw new Problem({ code: 'not-found', text: 'There is no such incident.', action: 'Go back to the incidents.' })
  const deliveries = await db().delivery.findMany({
    where: { kind: 'changes', createdAt: { gte: new Date(row.openedAt.getTime() - 60_000) } },
    orderBy: { createdAt: 'desc' },
    take: mostMessages,
    include: { channel: { select: { id: true, name: true } } },
  })
  const messages = deliveries.flatMap(
    ({ id: deliveryId, channel, state, createdAt, sentAt, attempts, answer, content }) => {
      const entry = changesContentSchema.safeParse(content).data?.entries.find(({ incidentId }) => incidentId === id)
      if (!entry) return []
      return [{ id: deliveryId, channel, change: entry.change, state, at: sentAt ?? createdAt, attempts, answer }]
    },
  )
  return { ...toItem(row), messages }
}
