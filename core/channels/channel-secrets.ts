import { z } from 'zod'
import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'
import { type ChannelInput, neededSecrets } from './schema'

const secretsSchema = z.record(z.string(), z.string())
export type ChannelSecrets = z.infer<typeof secretsSchema>

export function unsealChannel(row: { id: string; secrets: string | null }): ChannelSecrets {
  if (row.secrets === null) return {}
  return secretsSchema.parse(JSON.parse(unseal(row.secrets, placeOf(row.id), controlPlaneEnv().sealingKey)))
}

/** Null when there is nothing to seal. */
export function sealChannel(channelId: string, secrets: ChannelSecrets): string | null {
  if (Object.keys(secrets).length === 0) return null
  return seal(JSON.stringify(secrets), placeOf(channelId), controlPlaneEnv().sealingKey)
}

/** What is saved, with what was typed in laid over it. Throws Problem `secret-missing`. */
export function mergeChannelSecrets(saved: ChannelSecrets, input: ChannelInput): ChannelSecrets {
  const typed = Object.entries(input.secrets).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const merged = { ...saved, ...Object.fromEntries(typed) }
  const missing = neededSecrets[input.kind].find((name) => !merged[name])
  if (!missing) return merged
  throw new Problem({
    code: 'secret-missing',
    text: 'Without this the channel reaches nobody.',
    action: 'Fill in the marked field.',
    where: missing,
  })
}

function placeOf(channelId: string) {
  return { table: 'Channel', row: channelId, field: 'secrets' }
}
