import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { localRemote, temporaryFolder } from '@/engine/remote/loopback-servers'
import { Problem } from '@/protocol/problem'
import { type Draw, damages, keepCopy, pick, seeded } from './damages'
import { openPartRig, type PartRig } from './part-rig'
import type { ArtifactFacts } from './part-writer'

/** What the soak reports: how often each kind of damage was done, and what got through (nothing may). */
export type DamageReport = { rounds: number; byKind: Record<string, number>; passedAsGood: string[] }

/**
 * Damages the parts of a real artifact again and again, seeded, and reads it each time. Every round must end with a Problem, and
 * not one byte of a damaged part may come out before it. `isDone` lets a long soak stop between rounds.
 */
export async function runPartDamageRounds(seed: number, rounds: number, isDone = () => false): Promise<DamageReport> {
  const trial = localRemote()
  const work = temporaryFolder()
  const draw = seeded(seed)
  const report: DamageReport = { rounds: 0, byKind: {}, passedAsGood: [] }
  const rig = await openPartRig(trial.remote, work)
  try {
    const good = mixedData(draw, 3.5 * 1024 * 1024)
    const facts = await rig.write('files.tar.zst', [good])
    const folder = join(trial.folder, rig.folder)
    const kept = keepCopy(folder, join(work, 'good'))
    for (let round = 0; round < rounds && !isDone(); round++) {
      const kind = pick(Object.keys(damages), draw)
      damages[kind]?.(folder, kept.names, draw)
      const passed = await passesAsGood(rig, facts, good)
      if (passed !== null) report.passedAsGood.push(`seed ${seed}, round ${round}, ${kind}: ${passed}`)
      report.byKind[kind] = (report.byKind[kind] ?? 0) + 1
      report.rounds++
      kept.restore()
    }
    return report
  } finally {
    await rig.close()
    rmSync(work, { recursive: true, force: true })
    await trial.stop()
  }
}

/** null: refused with a Problem, and all that came out before was right. */
async function passesAsGood(rig: PartRig, facts: ArtifactFacts, good: Buffer): Promise<string | null> {
  let done = 0
  try {
    for await (const chunk of rig.stream(facts)) {
      if (!good.subarray(done, done + chunk.length).equals(chunk)) return 'wrong bytes came out'
      done += chunk.length
    }
  } catch (error) {
    return error instanceof Problem ? null : `not a Problem: ${String(error)}`
  }
  return 'it was read to its end'
}

/** Half of it compresses, half does not, and no two parts are alike. */
function mixedData(draw: Draw, bytes: number): Buffer {
  const data = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; at += 4) data.writeUInt32LE(at % 8192 < 4096 ? draw(2 ** 32) : at >> 12, at)
  return data
}
