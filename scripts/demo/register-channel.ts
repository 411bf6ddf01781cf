import { createChannel } from '@/core/channels/create-channel'
import { updateChannel } from '@/core/channels/update-channel'
import { db } from '@/lib/db'
import { demoActor } from './register-instance'

const name = 'Mails of the demo'

/** A channel that sends every alert to the demo's mail sink, whose port is another one with each start. */
export async function registerChannel(smtpPort: number): Promise<void> {
  const input = {
    ...{ kind: 'email' as const, name, paused: false, severity: 'notice' as const, timeZone: 'UTC' },
    ...{ environments: [], instanceIds: [], kinds: [], quietFrom: undefined, quietUntil: undefined },
    ...{ digest: 'daily' as const, digestHour: 8, secrets: {} },
    settings: {
      ...{ host: '127.0.0.1', port: smtpPort, security: 'none' as const, user: '' },
      ...{ from: 'talekeeper@example.org', to: ['operators@example.org'] },
    },
  }
  const saved = await db().channel.findUnique({ where: { name } })
  if (saved) await updateChannel(demoActor, saved.id, input)
  else await createChannel(demoActor, input)
}
