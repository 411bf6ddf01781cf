import type { InspectionKind, Presence, Verification } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'

type CopyState = { presence: Presence; verification: Verification; faultsBy: InspectionKind | null }
type Verdict = { kind: InspectionKind; faults: ProblemFacts[] }
export type CopyChange = {
  presence: 'present' | 'missing'
  verification?: Verification
  verifiedAt?: Date
  faults: ProblemFacts[] | null
  faultsBy: InspectionKind | null
}

/**
 * What a look's verdict makes of a copy; null: nothing. Pure. Faults make it `missing`, and a later look that finds it whole makes
 * it `present` again; but faults that were read out of the bytes are not absolved by a look at names and sizes.
 */
export function judgeCopy(copy: CopyState, { kind, faults }: Verdict, now: Date): CopyChange | null {
  if (copy.presence !== 'present' && copy.presence !== 'missing') return null
  const wasRead = copy.faultsBy === 'readBack'
  if (faults.length > 0) return { presence: 'missing', faults, faultsBy: wasRead ? 'readBack' : kind }
  const whole = { presence: 'present', faults: null, faultsBy: null } as const
  if (kind === 'readBack') {
    const isDrilled = copy.presence === 'present' && copy.verification === 'drilled'
    return isDrilled ? whole : { ...whole, verification: 'readBack', verifiedAt: now }
  }
  if (copy.presence === 'present' || wasRead) return null
  // somebody put files back: what was read before was other bytes
  return { ...whole, verification: copy.verification === 'none' ? 'none' : 'uploaded' }
}
