import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { Problem } from '@/protocol/problem'

/** What makes a host this worker: kept in one file, 0600, and never sent but as bearer and Redis AUTH. */
const identitySchema = z.object({
  version: z.literal(1),
  /** of the control plane, without a trailing slash */
  url: z.url({ protocol: /^https?$/ }),
  key: z.string().min(40),
  redisPassword: z.string().min(40),
})
export type Identity = z.infer<typeof identitySchema>

/** Null when this host was never enrolled. Throws a Problem when the file is open to others or damaged. */
export function readIdentity(file: string): Identity | null {
  const text = readIfPresent(file)
  if (text === null) return null
  const stats = lstatSync(file)
  if (!stats.isFile() || (stats.mode & 0o077) !== 0)
    throw new Problem({
      code: 'identity-open',
      text: 'The file with the worker key can be read by other users of this host.',
      action: `Run: chmod 600 ${file}. If others had access to this host, revoke the worker in the dashboard and enrol again.`,
      where: file,
    })
  const identity = identitySchema.safeParse(parseJson(text))
  if (identity.success) return identity.data
  throw new Problem({
    code: 'identity-damaged',
    text: 'The file with the worker key is damaged.',
    action: 'Enrol this host again with --force, and revoke the old worker in the dashboard.',
    where: file,
  })
}

/** Writes the identity beside its place; it counts only once `keep` was called, and nothing is left after `drop`. */
export function stageIdentity(file: string, identity: Identity): { keep: () => void; drop: () => void } {
  const staged = `${file}.new`
  rmSync(staged, { force: true })
  const descriptor = openSync(staged, 'wx', 0o600)
  try {
    writeSync(descriptor, `${JSON.stringify(identity, null, 2)}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return { keep: () => renameSync(staged, file), drop: () => rmSync(staged, { force: true }) }
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Problem(
      {
        code: 'identity-unreadable',
        text: `The file with the worker key cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: 'Run as the user that enrolled this host, or name its folder with --state.',
        where: file,
      },
      { cause },
    )
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
