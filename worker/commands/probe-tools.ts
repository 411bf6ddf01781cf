import { join } from 'node:path'
import { CommandNotFound, runCommand } from '@/lib/command'

/** Programs the engine needs, and how each is asked for its version. */
const programs = [
  { name: 'tar', program: 'tar', question: '--version' },
  { name: 'zstd', program: 'zstd', question: '--version' },
  { name: 'rclone', program: 'rclone', question: 'version' },
  { name: 'mongodump', program: 'mongodump', question: '--version' },
  { name: 'docker', program: 'docker', question: '--version' },
]

/** Name → version, of those that are there. MongoDB tool sets besides PATH are named `mongodump <folder>`. */
export async function probeTools(mongodbToolFolders: string[]): Promise<Record<string, string>> {
  const sets = mongodbToolFolders.map((folder) => ({
    name: `mongodump ${folder}`.slice(0, 60),
    program: join(folder, 'mongodump'),
    question: '--version',
  }))
  const found = await Promise.all(
    [...programs, ...sets].map(async (tool) => [tool.name, await versionOf(tool)] as const),
  )
  const versions = found.filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries([['node', process.version.slice(1)], ...versions])
}

async function versionOf({ program, question }: { program: string; question: string }): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(20_000)
    const { exitCode, stdout, stderr } = await runCommand(program, { arguments: [question], signal })
    if (exitCode !== 0) return null
    const firstLine = `${stdout.toString('utf8')}\n${stderr}`.trim().split('\n')[0] ?? ''
    return (/\d+(?:\.\d+)+[\w.+-]*/.exec(firstLine)?.[0] ?? firstLine).slice(0, 200)
  } catch (error) {
    if (error instanceof CommandNotFound || (error instanceof Error && error.name === 'TimeoutError')) return null
    throw error
  }
}
