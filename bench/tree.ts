import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A tree like a data set in use: many text files, fewer large ones, 40 % of the bytes incompressible, versions hard-linked. */
export function makeBenchTree(folder: string, options: { megabytes: number; files: number }): void {
  const done = join(folder, `.made-${options.megabytes}-${options.files}`)
  if (existsSync(done)) return
  rmSync(folder, { recursive: true, force: true })
  const random = randomBytes('talekeeper bench')
  const bytesPerFile = Math.floor((options.megabytes * 1024 * 1024) / options.files)
  const vocabulary = Array.from({ length: 5000 }, () =>
    random(4)
      .toString('hex')
      .slice(0, 3 + ((random(1)[0] ?? 0) % 6)),
  )
  for (let i = 0; i < options.files; i++) {
    const directory = join(folder, 'workspaces', String(i % 10), `tale-${i % 200}`)
    mkdirSync(directory, { recursive: true })
    const size = Math.max(1, Math.floor(bytesPerFile * (0.2 + ((random(1)[0] ?? 0) / 255) * 1.6)))
    const file = join(directory, `file-${i}`)
    writeFileSync(file, i % 5 < 2 ? random(size) : words(vocabulary, size, random))
    if (i % 10 === 0) {
      const version = join(folder, 'versions', String(i % 10), `tale-${i % 200}`)
      mkdirSync(version, { recursive: true })
      linkSync(file, join(version, `file-${i}`))
    }
  }
  writeFileSync(done, '')
}

/** Deterministic bytes, so that every run measures the same tree. */
function randomBytes(seed: string): (size: number) => Buffer {
  let counter = 0
  return (size) => createHash('shake256', { outputLength: size }).update(`${seed} ${counter++}`).digest()
}

function words(vocabulary: string[], size: number, random: (size: number) => Buffer): Buffer {
  const picks = random(2 * Math.ceil(size / 4))
  let text = ''
  for (let i = 0; text.length < size; i += 2) {
    const pick = picks.readUInt16LE(i % (picks.length - 1))
    text += `${vocabulary[pick % vocabulary.length]}${pick % 11 === 0 ? '\n' : ' '}`
  }
  return Buffer.from(text.slice(0, size))
}
