import type { ChannelSecrets } from './channel-secrets'
import type { ChannelInput } from './schema'

/** The columns of a channel out of the form, but for its secrets. */
export function channelColumns(input: ChannelInput, secrets: ChannelSecrets) {
  const { name, paused, severity, environments, instanceIds, kinds, timeZone, digest, digestHour } = input
  return {
    ...{ name, paused, severity, environments, instanceIds, kinds, timeZone, digest, digestHour },
    quietFrom: input.quietFrom ?? null,
    quietUntil: input.quietUntil ?? null,
    settings: { ...input.settings, place: placeInWords(input, secrets) },
  }
}

/** Where it leads, as far as anybody may see: a webhook's path is its password. */
function placeInWords(input: ChannelInput, secrets: ChannelSecrets): string {
  if (input.kind === 'email') return input.settings.to.join(', ')
  if (input.kind === 'ntfy') return new URL(input.settings.server).host
  if (input.kind === 'matrix') return `${input.settings.room} on ${new URL(input.settings.server).host}`
  return secrets.url ? new URL(secrets.url).host : ''
}
