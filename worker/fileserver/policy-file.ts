import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type Policy, policySchema } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'

const action =
  'Correct the file by hand (as root), or write it anew with: talekeeper-worker enroll --force --allow-source …'

/**
 * Reads what this host allows. Whoever may write the file decides what the worker may be told to do, so that it must belong
 * to root or to the worker's own user, and nobody else may write it. Throws a Problem in words.
 */
export function readPolicy(file: string): Policy {
  const descriptor = openPolicy(file)
  try {
    refuseForeignHands(file, fstatSync(descriptor))
    return parsePolicy(file, readFileSync(descriptor, 'utf8'))
  } finally {
    closeSync(descriptor)
  }
}

/** Replaces the policy file as a whole; its folder is made when missing. */
export function writePolicy(file: string, policy: Policy): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
    const staged = `${file}.new`
    const descriptor = openSync(staged, 'w', 0o644)
    writeSync(descriptor, `${JSON.stringify(policy, null, 2)}\n`)
    fsyncSync(descriptor)
    closeSync(descriptor)
    renameSync(staged, file)
  } catch (cause) {
    throw new Problem(
      {
        code: 'policy-unwritable',
        text: `The policy file cannot be written: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: 'Run as root, or name another file with --policy.',
        where: file,
      },
      { cause },
    )
  }
}

function openPolicy(file: string): number {
  try {
    return openSync(file, 'r')
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new Problem(
      {
        code: missing ? 'policy-missing' : 'policy-unreadable',
        text: missing
          ? 'There is no policy file, so that this worker is allowed nothing.'
          : `The policy file cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: missing
          ? 'Write one with: talekeeper-worker enroll … --allow-source PATH, or name an existing one with --policy.'
          : 'Run as root or as the owner of the file.',
        where: file,
      },
      { cause },
    )
  }
}

function refuseForeignHands(file: string, stats: Stats): void {
  if (!stats.isFile())
    throw new Problem({ code: 'policy-unsafe', text: 'The policy is not a plain file.', action, where: file })
  if (stats.uid !== 0 && stats.uid !== process.getuid?.())
    throw new Problem({
      code: 'policy-unsafe',
      text: `The policy file belongs to user ${stats.uid}, who could make this worker read or write anything.`,
      action: `Check what it says, then run: chown root ${file}`,
      where: file,
    })
  if ((stats.mode & 0o022) !== 0)
    throw new Problem({
      code: 'policy-unsafe',
      text: 'Other users may write the policy file, and so make this worker read or write anything.',
      action: `Check what it says, then run: chmod go-w ${file}`,
      where: file,
    })
}

function parsePolicy(file: string, text: string): Policy {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Problem({ code: 'policy-invalid', text: 'The policy file is not JSON.', action, where: file }, { cause })
  }
  const policy = policySchema.safeParse(value)
  if (policy.success) return policy.data
  const faults = policy.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  throw new Problem({
    code: 'policy-invalid',
    text: `The policy file is not understood. ${faults.slice(0, 10).join('; ')}`,
    action,
    where: file,
  })
}
