import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import * as fc from 'fast-check'
import { runCommand } from '@/lib/command'

/** One thing that a random tree may hold. `place` picks the folder among those made so far, `other` an earlier file. */
export type Growth = {
  kind: 'file' | 'sparse' | 'folder' | 'symlink' | 'hardlink' | 'fifo'
  name: Uint8Array
  place: number
  other: number
  mode: number
  /** seconds since 1970 */
  mtime: number
  content: Uint8Array
  holes: { offset: number; text: string }[]
  size: number
}

const nameBytes = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x0a : byte)))
  .filter((bytes) => !/^\.{1,2}$/.test(Buffer.from(bytes).toString('latin1')))

/** Names of any bytes but `/` and NUL, links, modes, sparse and empty files, folders in folders. */
export const growths: fc.Arbitrary<Growth[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('file', 'file', 'sparse', 'folder', 'folder', 'symlink', 'hardlink', 'fifo'),
    name: nameBytes,
    place: fc.nat(),
    other: fc.nat(),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    mtime: fc.double({ min: -1e9, max: 4e9, noNaN: true }),
    content: fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.constantFrom(512, 1024, 70_000).map((size) => new Uint8Array(size).fill(65)),
    ),
    holes: fc.array(fc.record({ offset: fc.nat(3_000_000), text: fc.string({ minLength: 1, maxLength: 40 }) }), {
      maxLength: 3,
    }),
    size: fc.nat(4_000_000),
  }),
  { maxLength: 25 },
)

/** What only root could read cannot be archived by others. */
const ownerBits = process.getuid?.() === 0 ? 0 : 0o700

/** Makes the tree below `root`, which exists. What cannot be made (a name that is taken) is left out. */
export async function growTree(root: string, tree: Growth[]): Promise<void> {
  const folders = [Buffer.from(root)]
  const files: Buffer[] = []
  const times: { path: Buffer; growth: Growth }[] = []
  for (const growth of tree) {
    const folder = folders[growth.place % folders.length] ?? Buffer.from(root)
    const path = Buffer.concat([folder, Buffer.from('/'), growth.name])
    try {
      await make(path, growth, files)
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'EISDIR')) continue
      throw error
    }
    if (growth.kind === 'folder') folders.push(path)
    else files.push(path)
    times.push({ path, growth })
  }
  for (const { path, growth } of times.reverse()) {
    if (growth.kind !== 'symlink' && growth.kind !== 'hardlink') chmodSync(path, growth.mode | ownerBits)
    lutimesSync(path, growth.mtime, growth.mtime)
  }
}

async function make(path: Buffer, growth: Growth, files: Buffer[]): Promise<void> {
  const other = files[growth.other % Math.max(1, files.length)]
  if (growth.kind === 'folder') mkdirSync(path)
  else if (growth.kind === 'symlink') symlinkSync(Buffer.from(growth.name), path)
  else if (growth.kind === 'hardlink' && other) linkSync(other, path)
  else if (growth.kind === 'fifo') await makeFifo(path)
  else if (growth.kind === 'sparse') makeSparse(path, growth)
  else writeFileSync(path, growth.content, { flag: 'wx' })
}

/** Environment and arguments are text for Node, so that the shell makes the bytes of the name out of octal escapes. */
async function makeFifo(path: Buffer): Promise<void> {
  const escaped = [...path].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  const script = 'printf "$ESCAPED" | exec xargs -0 mkfifo --'
  const { exitCode } = await runCommand('sh', { arguments: ['-c', script], environment: { ESCAPED: escaped } })
  if (exitCode !== 0) throw Object.assign(new Error('mkfifo failed'), { code: 'EEXIST' })
}

function makeSparse(path: Buffer, growth: Growth): void {
  const file = openSync(path, 'wx')
  for (const { offset, text } of growth.holes) writeSync(file, text, offset)
  if (growth.holes.length === 0) ftruncateSync(file, growth.size)
  closeSync(file)
}
