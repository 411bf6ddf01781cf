import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A whole number below the given one. */
export type Draw = (below: number) => number
type Damage = (folder: string, names: string[], draw: Draw) => void

/** What may befall files on a remote, by kind; `swap` and `duplicate` want two names or more. */
export const damages: Record<string, Damage> = {
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

/** Keeps the files of a folder; `restore` makes the folder as it was. */
export function keepCopy(folder: string, copy: string): { names: string[]; restore: () => void } {
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

export function pick<T>(items: T[], draw: Draw): T {
  const item = items[draw(items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** mulberry32: small, seeded, good enough to choose damages. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
