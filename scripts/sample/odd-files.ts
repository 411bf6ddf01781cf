import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CommandNotFound, runCommand } from '@/lib/command'

/** What a backup must bring back as it was, one of each kind; returns how many entries were made and the logical bytes of files. */
export async function makeOddFiles(folder: string): Promise<{ entries: number; bytes: number }> {
  mkdirSync(folder)
  const path = (name: string) => join(folder, name)
  const entries = [
    ...makeOddNames(folder),
    ...makeLinks(folder),
    ...makeOddModes(folder),
    ...makeDeepPath(folder),
    makeSparseFile(path('sparse.bin')),
  ]
  writeFileSync(path('empty'), '')
  utimesSync(path('empty'), -1, -1.5)
  writeFileSync(path('attributes.txt'), 'with an ACL and extended attributes\n')
  await setAttributes(path('attributes.txt'))
  const bytes = entries.reduce((sum, entry) => sum + entry, 0)
  return { entries: entries.length + 3, bytes: bytes + 36 }
}

/** bytes of each entry made */
function makeOddNames(folder: string): number[] {
  const names = [
    'with spaces  two',
    'new\nline',
    'tab\tand "quotes" and \'single\'',
    '-leading-dash',
    '--exclude=x',
    'back\\slash\\n',
    'star*[a]?',
    '$(touch pwned);`id`',
    'combining e\u0301 and \u{1F40B}',
    'colon: file changed as we read it',
    'n'.repeat(255),
  ]
  const notUtf8 = [
    Buffer.from([0xff, 0xfe, 0x61]),
    Buffer.from('caf\xe9.txt', 'latin1'),
    Buffer.from([0x01, 0x7f, 0x80]),
  ]
  for (const name of [...names.map((text) => Buffer.from(text)), ...notUtf8])
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'odd name\n')
  return [...names, ...notUtf8].map(() => 9)
}

function makeLinks(folder: string): number[] {
  const path = (name: string) => join(folder, name)
  symlinkSync('empty', path('link-relative'))
  symlinkSync('/nowhere/at all', path('link-dangling'))
  symlinkSync('/etc/hostname', path('link-absolute'))
  symlinkSync('../../..', path('link-upwards'))
  symlinkSync(Buffer.from([0x78, 0xff]), path('link-not-utf8'))
  lutimesSync(path('link-relative'), 1_500_000_000, 1_500_000_000.25)
  linkSync(path('link-dangling'), path('link-hard-to-symlink'))
  return [0, 0, 0, 0, 0, 0]
}

function makeOddModes(folder: string): number[] {
  const isRoot = process.getuid?.() === 0
  const modes: [string, number][] = [
    ['setuid', 0o4755],
    ['setgid', 0o2750],
    ['read-only', 0o400],
    ['for-all', 0o666],
  ]
  for (const [name, mode] of modes) {
    const file = join(folder, name)
    writeFileSync(file, 'odd mode\n')
    // an owner that no user of this host has; changing it clears setuid, so the mode comes after
    if (isRoot) chownSync(file, 999, 70_000)
    chmodSync(file, mode)
  }
  mkdirSync(join(folder, 'sticky'))
  chmodSync(join(folder, 'sticky'), 0o3777)
  if (isRoot) lchownSync(join(folder, 'link-absolute'), 3_000_000, 999)
  return [...modes.map(() => 9), 0]
}

function makeDeepPath(folder: string): number[] {
  const segments = Array.from({ length: 40 }, (_, depth) => `a folder ${depth} deep`)
  mkdirSync(join(folder, ...segments), { recursive: true })
  writeFileSync(join(folder, ...segments, 'bottom.txt'), 'deep\n')
  return [...segments.map(() => 0), 5]
}

/** 64 MiB of which 12 bytes are data; returns its logical size */
function makeSparseFile(path: string): number {
  const file = openSync(path, 'w')
  writeSync(file, 'start', 0)
  writeSync(file, 'middle!', 33_554_432)
  ftruncateSync(file, 67_108_864)
  closeSync(file)
  return 67_108_864
}

/** Where the filesystem or the host does not take them, the file stays without. */
async function setAttributes(path: string): Promise<void> {
  const commands = [
    ['setfattr', '--name=user.talekeeper', '--value=0x00ff0a3d', path],
    ['setfattr', '--name=user.long', `--value=${'v'.repeat(1000)}`, path],
    ['setfacl', '--modify=u:12345:r,g:23456:rw', path],
  ]
  for (const [program = '', ...parameters] of commands) {
    await runCommand(program, { arguments: parameters }).catch((error: unknown) => {
      if (!(error instanceof CommandNotFound)) throw error
    })
  }
}
