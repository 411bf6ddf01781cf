import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createInstance } from '@/scripts/test-rows'
import { control } from './actor'
import { recordAuditEvent } from './record-audit-event'

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())

test('an audit event stands or falls with the change it tells of', async () => {
  const { id } = await createInstance(db)
  const subject = { kind: 'instance', id }
  const change = db.$transaction(async (transaction) => {
    await transaction.instance.update({ where: { id }, data: { name: 'Renamed' } })
    await recordAuditEvent(transaction, { actor: control, action: 'instance.edit', subject, instanceId: id })
    throw new Error('refused')
  })
  await expect(change).rejects.toThrow('refused')
  expect(await db.auditEvent.count({ where: { instanceId: id } })).toBe(0)

  await db.$transaction((transaction) =>
    recordAuditEvent(transaction, {
      actor: { kind: 'user', id: 'u1', name: 'Ada', role: 'admin' },
      action: 'instance.edit',
      subject,
      instanceId: id,
      detail: { name: 'Renamed' },
    }),
  )
  const [event] = await db.auditEvent.findMany({ where: { instanceId: id } })
  expect(event).toMatchObject({
    actorKind: 'user',
    actorName: 'Ada',
    action: 'instance.edit',
    detail: { name: 'Renamed' },
  })
})
