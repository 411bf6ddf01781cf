import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type KillResult, runKillRound } from './kill-round'
import { Progress } from './progress'
import { openRig } from './rig'

/** Kills processes in `rounds` backups in all, going on where an earlier start ended. Throws at the first round that fails; its folder stays. */
export async function soakKills(seed: number, rounds: number, stop: AbortSignal): Promise<string> {
  const progress = new Progress<KillResult>(seed, 'kills')
  const done = progress.read().length
  if (done < rounds) await runRounds(seed, done, rounds, progress, stop)
  return summaryOf(progress.read())
}

async function runRounds(
  seed: number,
  first: number,
  rounds: number,
  progress: Progress<KillResult>,
  stop: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-soak-'))
  const rig = await openRig(folder)
  try {
    for (let round = first; round < rounds && !stop.aborted; round++) {
      const result = await runKillRound(rig, seed, round).catch((cause: unknown) => {
        throw new Error(`round ${round} of seed ${seed} failed; logs and data are in ${folder}`, { cause })
      })
      progress.add(result)
      console.log(
        `kills ${round + 1}/${rounds}: ${result.victim} after ${result.killedAfterMilliseconds} ms (${result.phase}): ${result.outcome}`,
      )
    }
  } finally {
    await rig.stop()
  }
  rmSync(folder, { recursive: true, force: true })
}

function summaryOf(results: KillResult[]): string {
  const counts = new Map<string, number>()
  for (const { victim, outcome } of results) {
    const key = `${victim}: ${outcome}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const lines = [...counts].sort().map(([key, count]) => `  ${key} × ${count}`)
  return [`kills: ${results.length} rounds`, ...lines].join('\n')
}
