import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Draw, damages, keepCopy, pick, seeded } from '@/engine/parts/damages'
import { localRemote } from '@/engine/remote/loopback-servers'
import { runBackup } from '@/engine/run-backup'
import { runRestore } from '@/engine/run-restore'
import { RunRig } from '@/engine/run-rig'
import { runCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import type { BackupSpec } from '@/protocol/specs'

/** `wrong` must stay empty: each entry names a damage that was restored wrongly, or refused without words or leaving something. */
export type RestoreDamageReport = {
  rounds: number
  byKind: Record<string, number>
  /** by the Problem's code */
  refused: Record<string, number>
  /** restored the same nevertheless: what was damaged is for people with plain tools alone */
  same: number
  wrong: string[]
}

type Backups = { rig: RunRig; spec: BackupSpec; folder: string; otherFolder: string }

/** Which files of a backup are damaged; each is as likely, however many parts there are. */
const groups = [/\.tar\.zst\./, /\.index\./, /^manifest\.json$/, /^manifest\.sig$/, /^SHA256SUMS$/]
const needTwo = new Set(['swap', 'duplicate'])

/**
 * Damages a real signed backup again and again, seeded, and restores it each time. Every round must end with a Problem and nothing
 * left of the restore, or with files that are the same. `isDone` lets a long soak stop between rounds.
 */
export async function runRestoreDamageRounds(
  seed: number,
  rounds: number,
  isDone = () => false,
): Promise<RestoreDamageReport> {
  const trial = localRemote()
  const rig = new RunRig(trial.remote)
  const draw = seeded(seed)
  const report: RestoreDamageReport = { rounds: 0, byKind: {}, refused: {}, same: 0, wrong: [] }
  try {
    const backups = await makeBackups(rig, trial.folder, draw)
    const kept = keepCopy(backups.folder, join(rig.work, 'good'))
    for (let round = 0; round < rounds && !isDone(); round++) {
      const kind = damageOnce(backups, kept.names, draw)
      const verdict = await restoreOnce(backups)
      if (verdict === 'same') report.same++
      else if ('refused' in verdict) count(report.refused, verdict.refused)
      else report.wrong.push(`seed ${seed}, round ${round}, ${kind}: ${verdict.wrong}`)
      count(report.byKind, kind)
      report.rounds++
      kept.restore()
    }
    return report
  } finally {
    rig.close()
    await trial.stop()
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

/** Two backups of one plan, no file of which is alike; the second is the one to be damaged. */
async function makeBackups(rig: RunRig, remoteFolder: string, draw: Draw): Promise<Backups> {
  const folder = () => join(remoteFolder, rig.instance.slug, rig.folder())
  const backup = async () => {
    for (let number = 0; number < 30; number++) {
      const bytes = Buffer.alloc(100_000)
      for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(draw(2 ** 32), at)
      writeFileSync(join(rig.sourceFolder, `file-${number}`), bytes)
    }
    const spec = rig.backupSpec()
    await runBackup(spec, rig.context())
    return spec
  }
  await backup()
  const otherFolder = folder()
  const spec = await backup()
  return { rig, spec, folder: folder(), otherFolder }
}

function damageOnce({ folder, otherFolder }: Backups, names: string[], draw: Draw): string {
  const kind = pick([...Object.keys(damages), 'of another backup', 'another backup'], draw)
  if (kind === 'another backup') {
    cpSync(otherFolder, folder, { recursive: true })
    return kind
  }
  const group = pick(groups, draw)
  const chosen = needTwo.has(kind) ? names : names.filter((name) => group.test(name))
  if (kind === 'of another backup') {
    const name = pick(chosen, draw)
    cpSync(join(otherFolder, name), join(folder, name))
  } else damages[kind]?.(folder, chosen, draw)
  return kind
}

async function restoreOnce({ rig, spec }: Backups): Promise<'same' | { refused: string } | { wrong: string }> {
  const restore = rig.restoreSpec(spec)
  const { folder } = restore.target
  try {
    await runRestore(restore, rig.context({ report: () => {} }))
  } catch (error) {
    if (!(error instanceof Problem)) return { wrong: `not a Problem: ${String(error)}` }
    const left = ['restores', 'spool', 'temporary'].filter((name) => readdirSync(join(rig.work, name)).length > 0)
    return left.length > 0 ? { wrong: `${error.code}, but something is left in ${left}` } : { refused: error.code }
  }
  const back = join(folder, 'files', rig.sourceFolder)
  const compared = await runCommand('diff', { arguments: ['-r', '--no-dereference', rig.sourceFolder, back] })
  rmSync(folder, { recursive: true })
  return compared.exitCode === 0 ? 'same' : { wrong: 'restored, and not the same' }
}
