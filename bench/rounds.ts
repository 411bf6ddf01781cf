import { load } from './machine'
import type { Measurement } from './measure'
import { median } from './measure'
import { isResticInstalled, type Peer, packForExtraction, runPeer } from './peers'
import { type BackupResult, type RestoreResult, runBackup, runRestore } from './worker-runs'

export const limitBytesPerSecond = 50_000_000

/** Everything that is measured, each list with one result a round. */
export type Rounds = {
  backup: BackupResult[]
  limitedBackup: BackupResult[]
  restore: RestoreResult[]
  peers: Map<Peer, Measurement[]>
  loads: number[]
}

/** Runs everything once a round, so that what else goes on falls on all alike. */
export async function runRounds(tree: string, count: number, say: (text: string) => void): Promise<Rounds> {
  const rounds: Rounds = { backup: [], limitedBackup: [], restore: [], peers: new Map(), loads: [] }
  await packForExtraction(tree)
  for (let round = 1; round <= count; round++) {
    say(`round ${round} of ${count}, load ${load()}`)
    rounds.loads.push(load())
    await backupRound(rounds, tree)
    await restoreRound(rounds, tree)
  }
  return rounds
}

async function backupRound(rounds: Rounds, tree: string): Promise<void> {
  await peerRound(rounds, 'bare pipe', tree)
  await peerRound(rounds, 'pipe with cat', tree)
  rounds.limitedBackup.push(await runBackup(tree, { bytesPerSecond: limitBytesPerSecond, partMebibytes: 64 }))
  if (isResticInstalled) await peerRound(rounds, 'restic', tree)
  await peerRound(rounds, 'tar, gzip, rclone', tree)
  rounds.backup.push(await runBackup(tree, { bytesPerSecond: null, partMebibytes: 512 }))
}

/** The last backup of the round lies on the remote. */
async function restoreRound(rounds: Rounds, tree: string): Promise<void> {
  const backup = rounds.backup.at(-1)
  if (!backup) throw new Error('there is no backup to restore')
  await peerRound(rounds, 'zstd -d, tar x', tree)
  rounds.restore.push(await runRestore(backup))
}

async function peerRound(rounds: Rounds, peer: Peer, tree: string): Promise<void> {
  rounds.peers.set(peer, [...(rounds.peers.get(peer) ?? []), await runPeer(peer, tree)])
}

export function medianOf<T extends Measurement>(measurements: T[]): Measurement {
  return {
    seconds: median(measurements.map(({ seconds }) => seconds)),
    cpuSeconds: median(measurements.map(({ cpuSeconds }) => cpuSeconds)),
  }
}
