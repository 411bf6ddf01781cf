import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestBackup } from '@/core/backups/request-backup'
import { type Backup, db } from '@/lib/db'
import { demoActor } from '@/scripts/demo/register-instance'
import { SeededRandom } from '@/scripts/sample/random'
import { problemSchema } from '@/protocol/problem'
import type { Rig } from './rig'
import { unsettled, until } from './settle'
import { untruths } from './truth'

export const victims = ['worker', 'control', 'web', 'redis', 'emptied redis'] as const
export type Victim = (typeof victims)[number]
export type KillResult = {
  round: number
  victim: Victim
  killedAfterMilliseconds: number
  /** where the run was, as far as the dashboard had heard */
  phase: string
  /** state of the backup that was under way, and the code of its problem */
  outcome: string
}

/** A little more than a run of the slow plan takes, so that each moment of it comes up, and the one just after it. */
const longestWaitMilliseconds = 6000
const longestAbsenceMilliseconds = 2000

/**
 * Kills one process with -9 at a seeded moment of a backup, starts it again a little later, and waits until all has settled by
 * itself; `wanted` takes the place of the victim drawn. Throws when something is left, a state is untrue, or the next backup does not succeed.
 */
export async function runKillRound(rig: Rig, seed: number, round: number, wanted?: Victim): Promise<KillResult> {
  const random = new SeededRandom(seed * 100_003 + round)
  const drawn = random.pick(victims)
  const victim = wanted ?? drawn
  const killedAfterMilliseconds = random.below(longestWaitMilliseconds)
  const { backupId } = await requestBackup(demoActor, rig.slowPlanId)
  await sleep(killedAfterMilliseconds)
  const [task] = await db().backupTask.findMany({ where: { backupId } })
  await killAndRestart(rig, victim, random.below(longestAbsenceMilliseconds))

  await until(() => unsettled(rig))
  const backup = await backupOf(backupId)
  const outcome = describeOutcome(backup)
  assertNone(await untruths(rig))
  // only the worker's own death may cost a run; a claim whose answer died with web is the one exception
  if (victim !== 'worker' && !isGood(backup) && !(victim === 'web' && outcome === 'failed claim-unanswered'))
    throw new Error(`the death of ${victim} cost the run: ${outcome}`)
  await nextBackupWorks(rig)
  return { round, victim, killedAfterMilliseconds, phase: task?.phase ?? 'none yet', outcome }
}

async function nextBackupWorks(rig: Rig): Promise<void> {
  const { backupId } = await requestBackup(demoActor, rig.quickPlanId)
  await until(() => unsettled(rig))
  const next = await backupOf(backupId)
  if (!isGood(next)) throw new Error(`the next backup did not succeed: ${describeOutcome(next)}`)
  assertNone(await untruths(rig))
}

async function killAndRestart(rig: Rig, victim: Victim, absenceMilliseconds: number): Promise<void> {
  const { stack } = rig
  await kill(processOf(rig, victim))
  if (victim === 'emptied redis')
    rmSync(join(rig.folder, 'control-plane', 'redis', 'appendonlydir'), { recursive: true, force: true })
  await sleep(absenceMilliseconds)
  if (victim === 'worker') rig.startWorker()
  else if (victim === 'control') await stack.startControl()
  else if (victim === 'web') await stack.startWeb()
  else await stack.startRedis()
}

function processOf({ stack, worker }: Rig, victim: Victim): ChildProcess {
  if (victim === 'worker') return worker.process
  if (victim === 'control') return stack.control
  return victim === 'web' ? stack.web : stack.redis.process
}

/** With -9; resolves when the process is gone. Throws when it had ended by itself. */
export async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (!child.kill('SIGKILL')) throw new Error(`process ${child.pid} had ended by itself`)
  await ended
}

function backupOf(id: string): Promise<Backup> {
  return db().backup.findUniqueOrThrow({ where: { id } })
}

function isGood({ state }: Backup): boolean {
  return state === 'succeeded' || state === 'warning'
}

function describeOutcome({ state, problem }: Backup): string {
  const parsed = problemSchema.safeParse(problem)
  return parsed.success ? `${state} ${parsed.data.code}` : state
}

function assertNone(found: string[]): void {
  if (found.length > 0) throw new Error(found.join('\n'))
}
