import { keeperOptions } from '@/protocol/keeper-options'
import { Problem } from '@/protocol/problem'
import type { RemoteLimits } from '@/protocol/remotes'
import type { Keeper } from './keeper'
import { cryptPassword, cryptSalt, type RemoteSecrets } from './remote-spec'
import type { RemoteInput } from './schema'

/** The options of the form that may be stored in clear, without absent ones. */
export function plainOptions(input: RemoteInput): Record<string, string> {
  return withoutAbsent(input.options)
}

/** The keeper after the form: typed anew as a whole, forgotten, or as it was. Throws Problem `keeper-not-possible`. */
export function mergeKeeper(saved: Keeper | null, { backend, keeper, forgetKeeper }: RemoteInput): Keeper | null {
  const names = keeperOptions[backend]
  const given = Object.keys(keeper ?? {})
  if (!keeper || given.length === 0) return forgetKeeper ? null : saved
  if (names && given.every((name) => names.plain.includes(name) || names.secret.includes(name))) return keeper
  throw new Problem({
    code: 'keeper-not-possible',
    text: 'This kind of remote has no second credential of this kind.',
    action: 'Leave the keeper’s fields empty.',
  })
}

/** The limits that were typed in; null: none. */
export function limitsOf({ limits }: RemoteInput): RemoteLimits | null {
  return limits && Object.values(limits).some((limit) => limit !== null) ? limits : null
}

/** Whether what is deleted shall not stay in the trash: only where Talekeeper can take it out. */
export function deletesForEver(input: RemoteInput): boolean {
  return input.backend === 'box' && input.deletesForEver === true
}

/** The secrets that were typed in, passwords of encryption among them. */
export function presentSecrets({ secrets, crypt }: RemoteInput): RemoteSecrets {
  return withoutAbsent({
    ...secrets,
    ...(crypt ? { [cryptPassword]: crypt.password, [cryptSalt]: crypt.password2 } : {}),
  })
}

/** What is saved, with what was typed in laid over it, without what shall be forgotten. Encryption stays as it is saved. */
export function mergeSecrets(saved: RemoteSecrets, input: RemoteInput): RemoteSecrets {
  const forgotten = (name: string) => input.forget.includes(name) && name !== cryptPassword && name !== cryptSalt
  const kept = Object.entries(saved).filter(([name]) => !forgotten(name))
  return { ...Object.fromEntries(kept), ...presentSecrets({ ...input, crypt: undefined }) }
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
