import { Prisma, type Transaction } from '@/lib/db'
import type { Actor } from './actor'

export type AuditSubject = { kind: string; id: string }

export type AuditFacts = {
  actor: Actor
  /** noun and verb, `backup.request`: stable, for filters */
  action: string
  subject: AuditSubject
  /** null or absent: concerns no single instance */
  instanceId?: string | null
  /** never a secret */
  detail?: Record<string, Prisma.InputJsonValue | null>
}

/** Writes an audit event in the transaction of the change that it tells of, so that neither stands without the other. */
export async function recordAuditEvent(transaction: Transaction, facts: AuditFacts): Promise<void> {
  const { actor, action, subject, instanceId, detail } = facts
  await transaction.auditEvent.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      instanceId: instanceId ?? null,
      detail: detail ?? Prisma.JsonNull,
    },
  })
}
