import { Problem } from '@/protocol/problem'
import type { MigrationStanding } from '@/protocol/worker-api'

const endings: Partial<Record<MigrationStanding['state'], string>> = {
  cancelled: 'The restore was cancelled in the dashboard.',
  revoked: 'The link was withdrawn in the dashboard.',
  expired: 'The link expired before the restore began.',
}
const newLink = 'Have a new link made in the dashboard.'

/**
 * What the host is told of a migration that has ended otherwise than well, and whether it helps to repeat the command; null: it is
 * done. Pure.
 */
export function endingProblem({ state, problem, isRedeemable }: MigrationStanding): Problem | null {
  if (state === 'done') return null
  const code = `migration-${state}`
  if (state !== 'failed')
    return new Problem({ code, text: endings[state] ?? `The migration is ${state}.`, action: newLink })
  const next = isRedeemable ? 'Repeat this command to have it begun anew, until the link expires.' : newLink
  return new Problem({
    code,
    text: problem?.text ?? 'The restore failed.',
    action: `${problem?.action ?? ''} ${next}`.trim(),
  })
}
