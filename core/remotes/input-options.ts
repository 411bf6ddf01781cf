import type { RemoteSecrets } from './remote-spec'
import type { RemoteInput } from './schema'

/** The options of the form that may be stored in clear, without absent ones. */
export function plainOptions(input: RemoteInput): Record<string, string> {
  return withoutAbsent(input.options)
}

/** The secrets that were typed in. */
export function presentSecrets(input: RemoteInput): RemoteSecrets {
  return withoutAbsent(input.secrets)
}

/** What is saved, with what was typed in laid over it, without what shall be forgotten. */
export function mergeSecrets(saved: RemoteSecrets, input: RemoteInput): RemoteSecrets {
  const kept = Object.entries(saved).filter(([name]) => !input.forget.includes(name))
  return { ...Object.fromEntries(kept), ...presentSecrets(input) }
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
