import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { NamespaceFacts } from '@/protocol/manifest'
import { ArchiveVerifier } from './archive-verifier'

/** What damaging genuine archives came to. `unnoticed` must stay empty: each entry names a damage that passed as good. */
export type DamageReport = {
  rounds: number
  /** the verifier threw */
  refused: number
  /** the verifier took it, but its facts differ from the manifest's */
  otherFacts: number
  /** every document is there, and the same: segments in another order, or a letter changed in the list of collections, which has no checksum; the SHA-256 of the archive tells */
  sameDocuments: number
  unnoticed: string[]
}

const archiveNames = [
  'full-100.18.archive',
  'full-100.9.archive',
  'dump-w-oplog.archive',
  'test.bar.archive',
  'timeseries.archive',
]

type Random = (below: number) => number
type Damage = { name: string; bytes: Buffer }

/** Damages genuine archives at random, `rounds` times: the same seed gives the same damages. */
export function runArchiveDamageRounds(seed: number, rounds: number): DamageReport {
  const random = randomOf(seed)
  const originals = archiveNames.map((name) => ({
    name,
    bytes: readFileSync(join(import.meta.dirname, 'fixtures', name)),
  }))
  const report: DamageReport = { rounds, refused: 0, otherFacts: 0, sameDocuments: 0, unnoticed: [] }
  for (let round = 0; round < rounds; round++) {
    const original = originals[random(originals.length)]
    if (!original) continue
    const expected = verify(original.bytes)
    const damage = damageOf(original.bytes, random)
    const found = tryVerify(damage.bytes)
    if (found === null) report.refused++
    else if (!isDeepStrictEqual(found.namespaces, expected.namespaces)) report.otherFacts++
    else if (found.rawSha256 !== expected.rawSha256) report.sameDocuments++
    else if (!damage.bytes.equals(original.bytes))
      report.unnoticed.push(`round ${round}: ${damage.name} of ${original.name}`)
  }
  return report
}

const damages: Record<string, (bytes: Buffer, random: Random) => Buffer> = {
  cut: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  flip: (bytes, random) => {
    const copy = Buffer.from(bytes)
    const at = random(copy.length)
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << random(8)), at)
    return copy
  },
  swap: (bytes, random) => {
    const [a, b, c] = cuts(bytes, random)
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)])
  },
  duplication: (bytes, random) => {
    const [a, b] = cuts(bytes, random)
    return Buffer.concat([bytes.subarray(0, b), bytes.subarray(a)])
  },
  omission: (bytes, random) => {
    const [a, b] = cuts(bytes, random)
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)])
  },
}

function damageOf(bytes: Buffer, random: Random): Damage {
  const names = Object.keys(damages)
  const name = names[random(names.length)] ?? 'cut'
  return { name, bytes: damages[name]?.(bytes, random) ?? bytes }
}

/** Three different places in order; half the time they are borders between blocks, where damage hides best. */
function cuts(bytes: Buffer, random: Random): [number, number, number] {
  const borders = bordersOf(bytes)
  const useBorders = random(2) === 0 && borders.length > 3
  const places = new Set<number>()
  while (places.size < 3) places.add(useBorders ? (borders[random(borders.length)] ?? 0) : random(bytes.length))
  const [a = 0, b = 0, c = 0] = [...places].sort((left, right) => left - right)
  return [a, b, c]
}

/** The offset after each terminator of a good archive. */
function bordersOf(bytes: Buffer): number[] {
  const borders: number[] = []
  for (let position = 4; position < bytes.length; ) {
    const length = bytes.readInt32LE(position)
    position += length === -1 ? 4 : length
    if (length === -1) borders.push(position)
  }
  return borders
}

type Verdict = { namespaces: NamespaceFacts[]; rawSha256: string }

function verify(bytes: Buffer): Verdict {
  const verifier = new ArchiveVerifier()
  verifier.push(bytes)
  return { namespaces: verifier.finish(), rawSha256: verifier.rawSha256() }
}

function tryVerify(bytes: Buffer): Verdict | null {
  try {
    return verify(bytes)
  } catch {
    return null
  }
}

/** mulberry32: small, seeded, good enough to choose places. */
function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
