import { CommandNotFound, runCommand } from '@/lib/command'
import { rcloneFloor, rcloneVersion } from '@/lib/rclone'
import { Problem } from '@/protocol/problem'

/** Versions of the programs that every run needs. Throws Problem `tool-missing` or `tool-too-old`. */
export async function requireTools(signal: AbortSignal): Promise<{ tar: string; zstd: string; rclone: string }> {
  const [tar, zstd, rclone] = await Promise.all([
    installed('tar', () => versionOf('tar', signal)),
    installed('zstd', () => versionOf('zstd', signal)),
    installed('rclone', () => rcloneVersion(signal)),
  ])
  if (isOlder(rclone, rcloneFloor))
    throw new Problem({
      code: 'tool-too-old',
      text: `rclone ${rclone} is too old; Talekeeper needs ${rcloneFloor} or newer.`,
      action: 'Install a newer rclone on this worker’s host.',
      where: 'rclone',
    })
  return { tar, zstd, rclone }
}

async function versionOf(program: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await runCommand(program, { arguments: ['--version'], signal })
  return /\d+(?:\.\d+)+/.exec(stdout.toString('utf8'))?.[0] ?? 'unknown'
}

async function installed(program: string, probe: () => Promise<string>): Promise<string> {
  try {
    return await probe()
  } catch (error) {
    if (!(error instanceof CommandNotFound)) throw error
    throw new Problem(
      {
        code: 'tool-missing',
        text: `${program} is not installed on this worker’s host.`,
        action: `Install it: apt install ${program}`,
        where: program,
      },
      { cause: error },
    )
  }
}

/** Compares dotted versions by their numbers; one that cannot be read is never older. */
export function isOlder(version: string, floor: string): boolean {
  const [left, right] = [version, floor].map((text) => text.split('.').map(Number))
  for (const [index, wanted] of (right ?? []).entries()) {
    const found = left?.[index] ?? 0
    if (Number.isNaN(found)) return false
    if (found !== wanted) return found < wanted
  }
  return false
}
