import type { ChangesContent } from './content'
import type { Message } from './message'

/** Version of this shape: keys are added to it, never taken away (docs/monitoring.md). */
const version = 1

export type WebhookFacts = { id: string; kind: 'changes' | 'digest' | 'test'; createdAt: Date }

/**
 * The body of a generic webhook: a message in words, and its facts for programs. The same on every attempt, so that a receiver that
 * keeps the ids it has seen drops doubles.
 */
export function writeWebhook({ id, kind, createdAt }: WebhookFacts, message: Message, content: unknown): string {
  const { subject, severity } = message
  return JSON.stringify({
    ...{ version, id, kind, createdAt: createdAt.toISOString(), subject, severity, url: message.link.url },
    ...(kind === 'digest' ? { content } : { entries: entriesOf(content as ChangesContent, message) }),
  })
}

function entriesOf({ entries }: ChangesContent, { link }: Message) {
  const publicUrl = link.url.replace(/\/incidents$/, '')
  return entries.map(({ incidentId, href, instances, ...entry }) => ({
    ...entry,
    ...{ incidentId, url: `${publicUrl}/incidents/${incidentId}`, where: `${publicUrl}${href}` },
    instances: instances.map(({ name, environment }) => ({ name, environment })),
  }))
}
