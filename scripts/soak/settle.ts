import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { db } from '@/lib/db'
import type { Rig } from './rig'

/** A worker at work, as far as what it leaves is concerned. */
export type WorkingWorker = Pick<Rig, 'place' | 'temporaryFolder' | 'worker'>

const longestSettleSeconds = 120
const open = { in: ['queued' as const, 'running' as const] }

/** Waits until `explain` has nothing left to say. Throws with its last words when that takes too long. */
export async function until(explain: () => Promise<string[]>, seconds = longestSettleSeconds): Promise<void> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const words = await explain()
    if (words.length === 0) return
    if (Date.now() > end) throw new Error(`not settled after ${seconds} s: ${words.join('; ')}`)
    await sleep(100)
  }
}

/** What still moves, or is left over, although nobody asked for anything more. Empty: all is settled. */
export async function unsettled(rig: WorkingWorker): Promise<string[]> {
  const backups = await db().backup.findMany({ where: { state: open }, select: { id: true, state: true } })
  const prunes = await db().prune.findMany({ where: { state: open }, select: { id: true, state: true } })
  const locks = await db().lock.findMany()
  return [
    ...backups.map(({ id, state }) => `backup ${id} is ${state}`),
    ...prunes.map(({ id, state }) => `prune ${id} is ${state}`),
    ...locks.map(({ ownerKind, ownerId }) => `${ownerKind} ${ownerId} holds the lock`),
    ...['journals', 'spool', 'temporary'].flatMap((name) => leftIn(rig, name)),
    ...strays(rig).map((command) => `a process is left: ${command}`),
  ]
}

function leftIn(rig: WorkingWorker, name: string): string[] {
  const folder = join(rig.place.folder, 'state', name)
  return readdirSync(folder).map((file) => `${name} holds ${file}`)
}

/** Command lines of all programs that a worker of this rig started and that live, whoever is their parent now. */
export function strays(rig: WorkingWorker): string[] {
  const marker = `TMPDIR=${rig.temporaryFolder}`
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (Number(pid) === rig.worker.process.pid) continue
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(marker)) continue
      readlinkSync(`/proc/${pid}/exe`) // a zombie has none
      found.push(`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100)}`)
    } catch {
      // it has ended meanwhile
    }
  }
  return found
}
