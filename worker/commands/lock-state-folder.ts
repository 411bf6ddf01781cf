import { closeSync, openSync } from 'node:fs'
import { startCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import type { StateFolder } from '@/worker/fileserver/state-folder'

/**
 * Locks the state folder for as long as this process lives, so that no two work on one state. `flock` takes the lock on our
 * own open file, which it shares; the kernel frees it when we end, even by kill -9. False when another process holds it.
 */
export async function tryLockStateFolder(state: StateFolder): Promise<{ release: () => void } | null> {
  const descriptor = openSync(state.lockFile, 'a', 0o600)
  const release = () => closeSync(descriptor)
  try {
    if (await flock(descriptor)) return { release }
  } catch (error) {
    release()
    throw error
  }
  release()
  return null
}

/** Throws a Problem when another worker process runs on this state folder. */
export async function lockStateFolder(state: StateFolder): Promise<{ release: () => void }> {
  const lock = await tryLockStateFolder(state)
  if (lock) return lock
  throw new Problem({
    code: 'already-running',
    text: 'Another worker process already works with this state folder.',
    action: 'Stop it first (systemctl stop talekeeper-worker), or name another folder with --state.',
    where: state.path,
  })
}

async function flock(descriptor: number): Promise<boolean> {
  const command = startCommand('flock', { arguments: ['--nonblock', '0'], stdin: descriptor, stdout: 'ignore' })
  const { exitCode, stderr } = await command.finished
  if (exitCode === 0) return true
  if (exitCode === 1) return false
  throw new Problem({ code: 'lock-failed', text: `The state folder cannot be locked: ${stderr.trim() || exitCode}` })
}
