import { CommandNotFound } from '@/lib/command'
import { Problem } from '@/protocol/problem'

/** Says in plain words that tar is not installed; any other error is returned as it is. */
export function explainMissingTar(error: unknown): unknown {
  if (!(error instanceof CommandNotFound)) return error
  return new Problem(
    { code: 'tool-missing', text: 'GNU tar is not installed on this host.', action: 'Install it: apt install tar' },
    { cause: error },
  )
}
