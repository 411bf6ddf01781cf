import { Problem, type ProblemFacts } from '@/protocol/problem'

/** Why a connection gives no access token, in words for people; rclone prints them too, and lib/rclone-failure.ts knows the beginning. */

type Named = { id: string; name: string; provider: { name: string } }

export function reconnectNeeded({ name, provider }: Named, code: string): ProblemFacts {
  const isClient = code === 'invalid_client' || code === 'unauthorized_client'
  return {
    code: 'reconnect-needed',
    text: isClient
      ? `Reconnect needed: ${provider.name} does not know the client id and secret of the connection “${name}” (${code}).`
      : `Reconnect needed: ${provider.name} no longer takes the sign-in of the connection “${name}” (${code}).`,
    action: isClient
      ? 'Look whether the app still exists at the provider, enter its id and secret, and reconnect.'
      : 'Open the connection in Talekeeper and reconnect it. Remotes and plans stay as they are.',
  }
}

export function providerAway({ name, provider }: Named, reason: string): ProblemFacts {
  return {
    code: 'provider-away',
    text: `${provider.name} gives no access token for the connection “${name}” at this time: ${reason}.`,
    action:
      'Talekeeper asks again by itself. If it lasts, look whether the server reaches the provider, and at its status page.',
  }
}

export function notConnected({ name }: Named): Problem {
  return new Problem({
    code: 'not-connected',
    text: `Reconnect needed: nobody has connected “${name}”, or it was disconnected.`,
    action: 'Open the connection in Talekeeper and connect it.',
  })
}

export function noSuchConnection(): Problem {
  return new Problem({ code: 'connection-not-found', text: 'There is no such connection.' })
}
