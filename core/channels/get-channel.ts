import { z } from 'zod'
import { db } from '@/lib/db'
import { channelRulesOf } from './channel-rules-of'
import { unsealChannel } from './channel-secrets'
import { findChannel } from './find-channel'

/** One channel for its form. Secrets are named, their values never leave the server. Throws Problem `not-found`. */
export async function getChannel(id: string) {
  const row = await findChannel(db(), id)
  const { name, kind, paused, timeZone, quietFrom, quietUntil, digest, digestHour, failingSince } = row
  return {
    ...{ id, name, kind, paused, timeZone, quietFrom, quietUntil, digest, digestHour, failingSince },
    ...channelRulesOf(row),
    settings: channelSettingsOf(row),
    savedSecrets: Object.keys(unsealChannel(row)),
  }
}
export type ChannelDetail = Awaited<ReturnType<typeof getChannel>>

/** Settings as the form shows them: each as a text. */
export function channelSettingsOf({ settings }: { settings: unknown }): Record<string, string> {
  const stored = z.record(z.string(), z.unknown()).catch({}).parse(settings)
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, Array.isArray(value) ? value.join('\n') : String(value)]),
  )
}
