import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { isAlive } from '@/core/processes/beat'
import { keyId, sealedKeyId, seal, unseal } from '@/lib/crypto'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type SealedColumn, sealedColumns } from './sealed-columns'

const batchRows = 100

export type Rotation = { resealed: number; already: number }

/**
 * Seals every sealed value anew with another key, a hundred at a time; each value names its key, so that an interrupted rotation
 * goes on where it ended. Nothing is changed where web or control run, or where a value opens with neither key. Throws Problem
 * `same-key`, `still-running`, `unknown-key`.
 */
export async function rotateSealingKey(
  actor: Actor,
  keys: { from: Buffer; to: Buffer },
  now = new Date(),
): Promise<Rotation> {
  if (keyId(keys.from) === keyId(keys.to))
    throw new Problem({
      code: 'same-key',
      text: 'The new sealing key is the one that is in use.',
      action: 'Make another one: openssl rand -base64 32',
    })
  await assertStopped(now)
  await assertKnownKeys(keys)
  const rotation = { resealed: 0, already: await countSealedWith(keyId(keys.to)) }
  for (const place of sealedColumns)
    for (let done = await resealBatch(place, keys); done > 0; done = await resealBatch(place, keys))
      rotation.resealed += done
  await db().$transaction((transaction) =>
    recordAuditEvent(transaction, {
      actor,
      action: 'sealing-key.rotate',
      subject: { kind: 'sealing-key', id: keyId(keys.to) },
      detail: { from: keyId(keys.from), to: keyId(keys.to), ...rotation },
    }),
  )
  return rotation
}

async function assertStopped(now: Date): Promise<void> {
  const lives = await db().processLife.findMany()
  const alive = lives.filter((life) => isAlive(life, now)).map(({ name }) => name)
  if (alive.length === 0) return
  throw new Problem({
    code: 'still-running',
    text: `Still running, or stopped less than half a minute ago: ${alive.join(', ')}. They have the old key in memory.`,
    action: 'Stop web and control, wait half a minute, and run this again.',
  })
}

async function assertKnownKeys({ from, to }: { from: Buffer; to: Buffer }): Promise<void> {
  for (const place of sealedColumns)
    for (const { id, value } of await readSealed(db(), place, null, -1)) {
      const sealedWith = sealedKeyId(value)
      const key = sealedWith === keyId(from) ? from : sealedWith === keyId(to) ? to : null
      if (!key || !opens(value, place, id, key))
        throw new Problem({
          code: 'unknown-key',
          text: `A value in ${place.table}.${place.column} opens with neither key (it names key ${sealedWith}). Nothing was changed.`,
          action: `SEALING_KEY must be the key in use until now, and NEW_SEALING_KEY the next one (their ids here: ${keyId(from)}, ${keyId(to)}).`,
          where: id,
        })
    }
}

function opens(value: string, place: SealedColumn, row: string, key: Buffer): boolean {
  try {
    unseal(value, placeOf(place, row), key)
    return true
  } catch {
    return false
  }
}

async function countSealedWith(id: string): Promise<number> {
  let count = 0
  for (const place of sealedColumns)
    for (const { value } of await readSealed(db(), place, null, -1)) if (sealedKeyId(value) === id) count++
  return count
}

/** How many were sealed anew; all of a batch or none. */
function resealBatch(place: SealedColumn, { from, to }: { from: Buffer; to: Buffer }): Promise<number> {
  return db().$transaction(async (transaction) => {
    const rows = await readSealed(transaction, place, keyId(from), batchRows)
    for (const { id, value } of rows) {
      const next = seal(unseal(value, placeOf(place, id), from), placeOf(place, id), to)
      // names of tables and columns are constants of ours
      await transaction.$executeRawUnsafe(
        `UPDATE "${place.table}" SET "${place.column}" = ? WHERE id = ? AND "${place.column}" = ?`,
        ...[next, id, value],
      )
    }
    return rows.length
  })
}

function placeOf({ table, column }: SealedColumn, row: string) {
  return { table, row, field: column }
}

const rowsSchema = z.array(z.object({ id: z.string(), value: z.string() }))

/** Values that are there, of one key or of any; a limit of -1 is none. */
async function readSealed(
  database: Transaction,
  { table, column }: SealedColumn,
  ofKey: string | null,
  limit: number,
): Promise<{ id: string; value: string }[]> {
  const rows = await database.$queryRawUnsafe(
    `SELECT id, "${column}" AS value FROM "${table}" WHERE "${column}" LIKE ? LIMIT ?`,
    ...[ofKey === null ? 'v1.%' : `v1.${ofKey}.%`, limit],
  )
  return rowsSchema.parse(rows)
}
