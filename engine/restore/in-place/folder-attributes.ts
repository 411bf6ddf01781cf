import type { BigIntStats } from 'node:fs'
import { startCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import { openFolder } from './folder-handle'
import type { Attributes } from './journal-records'

export function attributesOf(stats: BigIntStats): Attributes {
  const { mtimeNs } = stats
  const [sign, size] = mtimeNs < 0n ? ['-', -mtimeNs] : ['', mtimeNs]
  return {
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtime: `${sign}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`,
  }
}

export async function readAttributes(folder: Buffer): Promise<Attributes> {
  const handle = await openFolder(folder)
  try {
    return attributesOf(await handle.stat({ bigint: true }))
  } finally {
    await handle.close()
  }
}

/** Sets what differs. The time is set by `touch`: Node.js would round it. */
export async function setAttributes(folder: Buffer, wanted: Attributes): Promise<void> {
  const handle = await openFolder(folder)
  try {
    const is = attributesOf(await handle.stat({ bigint: true }))
    if (is.uid !== wanted.uid || is.gid !== wanted.gid) await handle.chown(wanted.uid, wanted.gid)
    if (is.mode !== wanted.mode || is.uid !== wanted.uid || is.gid !== wanted.gid) await handle.chmod(wanted.mode)
    if (is.mtime === wanted.mtime) return
    const { exitCode, stderr } = await startCommand('touch', {
      arguments: ['--no-create', '-m', `--date=@${wanted.mtime}`, '/proc/self/fd/0'],
      stdin: handle.fd,
      stdout: 'ignore',
      lowPriority: false,
    }).finished
    if (exitCode !== 0)
      throw new Problem({
        code: 'touch-failed',
        text: `The time of a folder could not be set: ${stderr.slice(0, 500)}`,
      })
    await handle.sync()
  } finally {
    await handle.close()
  }
}
