import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localRemote, temporaryFolder } from '@/engine/remote/loopback-servers'
import { Problem } from '@/protocol/problem'
import { openPartRig, type PartRig } from './part-rig'
import type { ArtifactFacts } from './part-writer'

/** What the soak reports: how often each kind of damage was done, and what got through (nothing may). */
export type DamageReport = { rounds: number; byKind: Record<string, number>; passedAsGood: string[] }

type Draw = (below: number) => number
type Damage = (folder: string, names: string[], draw: Draw) => void

const damages: Record<string, Damage> = {
  cut: (folder, names, draw) => {
    const path = join(folder, pick(names, draw))
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, draw(bytes.length)))
  },
  flip: (folder, names, draw) => {
    const path = join(folder, pick(names, draw))
    const bytes = readFileSync(path)
    const at = draw(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8))
    writeFileSync(path, bytes)
  },
  swap: (folder, names, draw) => {
    const first = draw(names.length)
    const second = (first + 1 + draw(names.length - 1)) % names.length
    const [a, b] = [join(folder, names[first] ?? ''), join(folder, names[second] ?? '')]
    const bytes = readFileSync(a)
    copyFileSync(b, a)
    writeFileSync(b, bytes)
  },
  duplicate: (folder, names, draw) => {
    const first = draw(names.length)
    const second = (first + 1 + draw(names.length - 1)) % names.length
    copyFileSync(join(folder, names[first] ?? ''), join(folder, names[second] ?? ''))
  },
  omit: (folder, names, draw) => rmSync(join(folder, pick(names, draw))),
  append: (folder, names, draw) => {
    const path = join(folder, pick(names, draw))
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(1 + draw(5000))]))
  },
}

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

function keepCopy(folder: string, copy: string): { names: string[]; restore: () => void } {
  mkdirSync(copy)
  const names = readdirSync(folder).sort()
  for (const name of names) copyFileSync(join(folder, name), join(copy, name))
  return {
    names,
    restore: () => {
      for (const name of names) copyFileSync(join(copy, name), join(folder, name))
    },
  }
}

/** Half of it compresses, half does not, and no two parts are alike. */
function mixedData(draw: Draw, bytes: number): Buffer {
  const data = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; at += 4) data.writeUInt32LE(at % 8192 < 4096 ? draw(2 ** 32) : at >> 12, at)
  return data
}

function pick<T>(items: T[], draw: Draw): T {
  const item = items[draw(items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** mulberry32: small, seeded, good enough to choose damages. */
function seeded(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
