import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localRemote, type TrialRemote, temporaryFolder } from '@/engine/remote/loopback-servers'
import { runCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import { openPartRig, type PartRig } from './part-rig'

const mebibyte = 1024 * 1024
let trial: TrialRemote
let work: string

beforeAll(() => {
  trial = localRemote()
  work = temporaryFolder()
})
afterAll(async () => {
  await trial.stop()
  rmSync(work, { recursive: true, force: true })
})

async function withRig<T>(
  act: (rig: PartRig) => Promise<T>,
  options: Parameters<typeof openPartRig>[2] = {},
): Promise<T> {
  const rig = await openPartRig(trial.remote, work, options)
  try {
    return await act(rig)
  } finally {
    await rig.close()
    expect(existsSync(rig.spool.folder), 'the spool is removed').toBe(false)
  }
}

const onRemote = (rig: PartRig, name: string) => join(trial.folder, rig.folder, name)

function* inChunks(data: Buffer, chunkBytes: number) {
  for (let at = 0; at < data.length; at += chunkBytes) yield data.subarray(at, at + chunkBytes)
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof Problem ? error.code : `not a Problem: ${String(error)}`
}

describe('an artifact on its way to the remote', () => {
  it('is cut at exactly the bytes that the plan says, and the shell puts it together again (DESIGN section 4)', async () => {
    await withRig(async (rig) => {
      const data = randomBytes(3 * mebibyte + 12_345)
      const facts = await rig.write('files.tar.zst', inChunks(data, 65_521))
      expect(facts.parts.map((part) => part.rawBytes)).toEqual([mebibyte, mebibyte, mebibyte, 12_345])
      expect(facts.parts.map((part) => part.checked)).toEqual(['hash', 'hash', 'hash', 'hash'])
      const shell = await runCommand('sh', {
        arguments: ['-c', 'cat files.tar.zst.* | zstd -d'],
        workingFolder: join(trial.folder, rig.folder),
      })
      expect(shell.stdout.equals(data)).toBe(true)
      expect((await rig.read(facts)).equals(data)).toBe(true)
    })
  })

  it.each([
    { way: 'taken by link where the remote is a folder on the spool’s disk', options: {} },
    { way: 'copied where a bandwidth limit is to be kept', options: { bytesPerSecond: 100 * mebibyte } },
  ])('lies there as recorded, under no second name: $way', async ({ options }) => {
    await withRig(async (rig) => {
      mkdirSync(join(trial.folder, rig.folder), { recursive: true })
      const facts = await rig.write('files.tar.zst', inChunks(randomBytes(2 * mebibyte), 65_521))
      for (const part of facts.parts) {
        const file = onRemote(rig, part.name)
        expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(part.sha256)
        expect(statSync(file)).toMatchObject({ size: part.bytes, nlink: 1 })
      }
      expect(readdirSync(rig.spool.folder)).toEqual([])
    }, options)
  })

  it('survives whatever its length and the writer’s chunks (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3 * mebibyte }),
        fc.integer({ min: 1000, max: 2 * mebibyte }),
        async (length, chunkBytes) => {
          await withRig(async (rig) => {
            const data = Buffer.alloc(length, randomBytes(1009))
            const facts = await rig.write('a.zst', inChunks(data, chunkBytes))
            expect(facts.rawBytes).toBe(length)
            expect(facts.parts.length).toBe(Math.max(1, Math.ceil(length / mebibyte)))
            expect((await rig.read(facts)).equals(data)).toBe(true)
          })
        },
      ),
      {
        numRuns: 6,
        examples: [
          [0, 1000],
          [mebibyte, mebibyte],
          [2 * mebibyte, 1000],
        ],
      },
    )
  })

  it('tells where the next byte will stand, also inside a chunk that spans parts', async () => {
    await withRig(async (rig) => {
      const writer = rig.open('a.zst')
      await writer.write(Buffer.alloc(mebibyte - 5))
      expect(writer.position()).toEqual({ part: 0, offset: mebibyte - 5 })
      await writer.write(Buffer.alloc(2 * mebibyte + 6))
      expect(writer.position()).toEqual({ part: 3, offset: 1 })
      await writer.finish()
    })
  })

  it('keeps at most three parts in the spool, whatever its length', async () => {
    await withRig(async (rig) => {
      let most = 0
      const writer = rig.open('a.zst')
      const data = randomBytes(mebibyte / 4)
      for (let i = 0; i < 48; i++) {
        await writer.write(data)
        most = Math.max(most, readdirSync(rig.spool.folder).length)
      }
      expect((await writer.finish()).parts.length).toBe(12)
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(3)
    })
  })

  it.each(['read back', 'size'] as const)('is checked by “%s” where the plan says so', async (check) => {
    await withRig(
      async (rig) => {
        const facts = await rig.write('a.zst', [randomBytes(5000)])
        expect(facts.parts[0]?.checked).toBe(check)
      },
      { check },
    )
  })

  it('ends with spool-full, and nothing left behind, when the disk of the spool fills up', async (test) => {
    const disk = join(work, 'tiny')
    mkdirSync(disk)
    const mounted = await runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk] })
    if (mounted.exitCode !== 0) return test.skip('needs the right to mount a tmpfs')
    try {
      await withRig(
        async (rig) => {
          // another program takes the space that was free when the part was begun
          const writer = rig.open('a.zst')
          await writer.write(randomBytes(mebibyte))
          writeFileSync(join(disk, 'other'), Buffer.alloc(4 * mebibyte))
          const rest = async () => {
            for (let i = 0; i < 30; i++) await writer.write(randomBytes(mebibyte / 8))
            await writer.finish()
          }
          expect(await codeOf(rest())).toBe('spool-full')
          rig.controller.abort(new Error('end'))
        },
        { spoolParent: disk, partBytes: 4 * mebibyte },
      )
    } finally {
      await runCommand('umount', { arguments: [disk] })
    }
  })

  it('waits for room instead of failing while parts are leaving a small spool', async (test) => {
    const disk = join(work, 'small')
    mkdirSync(disk)
    const mounted = await runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk] })
    if (mounted.exitCode !== 0) return test.skip('needs the right to mount a tmpfs')
    try {
      await withRig(
        async (rig) => {
          const data = randomBytes(6 * mebibyte)
          const facts = await rig.write('a.zst', inChunks(data, 65_536))
          expect((await rig.read(facts)).equals(data)).toBe(true)
        },
        { spoolParent: disk },
      )
    } finally {
      await runCommand('umount', { arguments: [disk] })
    }
  })

  it('stops with the reason of the signal, and leaves no program behind', async () => {
    await withRig(async (rig) => {
      const writer = rig.open('a.zst')
      await writer.write(randomBytes(100_000))
      const reason = new Problem({ code: 'time-limit', text: 'too long' })
      rig.controller.abort(reason)
      await expect(async () => writer.write(randomBytes(10))).rejects.toBe(reason)
    })
  })
})

describe('an artifact that was tampered with on the remote', () => {
  const damages: [string, string, (file: (number: number) => string) => void][] = [
    ['a flipped byte', 'part-altered', (file) => flip(file(1), 100)],
    ['a truncated part', 'part-altered', (file) => writeFileSync(file(1), readFileSync(file(1)).subarray(0, -7))],
    ['a missing part', 'part-missing', (file) => rmSync(file(2))],
    ['two parts swapped', 'part-altered', (file) => swap(file(0), file(1))],
    ['an empty part', 'part-altered', (file) => writeFileSync(file(0), '')],
  ]
  it.each(damages)('%s is refused before a byte of it is used', async (_name, code, damage) => {
    await withRig(async (rig) => {
      const data = randomBytes(2 * mebibyte + 1000)
      const facts = await rig.write('a.zst', inChunks(data, 65_536))
      damage((number) => onRemote(rig, `a.zst.0000${number}`))
      expect(await codeOf(rig.read(facts))).toBe(code)
    })
  })

  it('a manifest that promises other raw bytes than the frame holds is refused (decompression is bounded)', async () => {
    await withRig(async (rig) => {
      const facts = await rig.write('bomb.zst', [Buffer.alloc(mebibyte - 1)])
      expect(statSync(onRemote(rig, 'bomb.zst.00000')).size).toBeLessThan(1000)
      const lying = (rawBytes: number) => ({ ...facts, parts: facts.parts.map((part) => ({ ...part, rawBytes })) })
      expect(await codeOf(rig.read(lying(1000)))).toBe('part-damaged')
      expect(await codeOf(rig.read(lying(mebibyte)))).toBe('part-damaged')
    })
  })
})

function flip(file: string, at: number) {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

function swap(a: string, b: string) {
  const [left, right] = [readFileSync(a), readFileSync(b)]
  writeFileSync(a, right)
  writeFileSync(b, left)
}
