import { runCommand } from '@/lib/command'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'

/** The programs that stop what writes and let it go on, as the policy file of the host names them. Throws Problem `no-writers-command`. */
export function writersOf(policy: Policy): NonNullable<Policy['writers']> {
  if (policy.writers) return policy.writers
  throw new Problem({
    code: 'no-writers-command',
    text: 'The policy file of this host names no programs that stop and start what writes.',
    action: 'Add "writers": {"stop": ["program", "argument"], "start": […]} to it, or stop them by hand and say so.',
    where: 'writers',
  })
}

/** Throws Problem `writers-command-failed`. */
export async function runWritersCommand([program = '', ...options]: string[], signal?: AbortSignal): Promise<void> {
  const { exitCode, endedBy, stderr } = await runCommand(program, { arguments: options, signal, lowPriority: false })
  if (exitCode === 0) return
  throw new Problem({
    code: 'writers-command-failed',
    text: `${program} ended with ${exitCode ?? endedBy}: ${stderr.trim().slice(-500) || 'it gave no reason'}`,
    action: 'Run the command by hand on this host and look at what it says.',
    where: program.slice(0, 1000),
  })
}
