import { setTimeout as sleep } from 'node:timers/promises'
import { steadyNow } from '@/lib/steady-clock'
import { Problem } from '@/protocol/problem'
import { isTaken, replaceAccess } from './check-connection'
import type { Access } from './get-access'

const provenForSeconds = 60
const patienceMilliseconds = 5000
const proven = new Map<string, { tokenVersion: number; atSeconds: number }>()

/**
 * Whether the provider still takes an access token that a run had before and asks for again: its rclone was started anew, perhaps
 * after a 401. Asked at most once a minute a connection; one that is not taken is marked to be replaced. No answer proves nothing.
 */
export async function proveAccess(connectionId: string, access: Access): Promise<boolean> {
  const now = steadyNow().seconds
  const last = proven.get(connectionId)
  if (last?.tokenVersion === access.tokenVersion && now - last.atSeconds < provenForSeconds) return true
  if (!(await isGood(connectionId, access))) {
    await replaceAccess(connectionId, access.tokenVersion)
    return false
  }
  proven.set(connectionId, { tokenVersion: access.tokenVersion, atSeconds: now })
  return true
}

async function isGood(connectionId: string, access: Access): Promise<boolean> {
  try {
    return await Promise.race([isTaken(connectionId, access), sleep(patienceMilliseconds, true, { ref: false })])
  } catch (error) {
    if (error instanceof Problem) return true
    throw error
  }
}
