import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { steadyNow } from '@/lib/steady-clock'
import { Problem } from '@/protocol/problem'
import { adoptGrant, proveGrant } from './adopt-grant'
import { connectProblems } from './connect-problems'
import { insertConnection } from './create-connection'
import { findConnection } from './find-connection'
import { findProvider } from './providers/find-provider'
import type { Provider, ServiceKey, ServiceKind } from './providers/provider'
import type { ServiceInput } from './schema'
import { sealSecrets } from './sealed-secrets'
import { type Granted, tokenColumns } from './store-tokens'

/**
 * Saves a connection that signs in by a key file. The file is tried first: a token is asked for with it, and whose account it
 * is; then it is sealed and never shown again. Throws Problem `invalid-key-file`, `key-refused`, `slug-taken`, one of proveGrant.
 */
export async function createServiceConnection(actor: Actor, input: ServiceInput): Promise<{ id: string }> {
  const id = randomUUID()
  const provider = findProvider(input.provider)
  const { service, key, clientId } = readKey(provider, input.service, input.key)
  const askedAt = { wall: new Date(), steady: steadyNow() }
  const granted = await requestByKey(provider, service, key)
  const account = await proveGrant(provider, granted.accessToken)
  return insertConnection(actor, {
    ...{ id, slug: input.slug, name: input.name, provider: input.provider, settings: {}, clientId, account },
    ...tokenColumns({ id, provider, method: 'service' }, granted, null, askedAt),
    ...{ tokenVersion: 1, method: 'service', connectedAt: askedAt.wall },
    secrets: sealSecrets(id, { service: service.id, key }),
  })
}

/**
 * Puts another key file in the place of the saved one, once it was tried. Throws Problem as createServiceConnection does, and
 * `wrong-account`.
 */
export async function replaceServiceKey(
  actor: Actor,
  connectionId: string,
  serviceId: string,
  text: string,
): Promise<void> {
  const connection = await findConnection(db(), connectionId)
  const { service, key, clientId } = readKey(connection.provider, serviceId, text)
  const askedAt = { wall: new Date(), steady: steadyNow() }
  const granted = await requestByKey(connection.provider, service, key)
  const secrets = sealSecrets(connectionId, { service: service.id, key })
  await adoptGrant(actor, connection, granted, askedAt, 'service', { secrets, clientId })
}

function readKey(provider: Provider, serviceId: string, text: string) {
  const service = provider.services.find(({ id }) => id === serviceId)
  if (!service)
    throw new Problem({
      code: 'no-such-service',
      text: `${provider.name} has no key file of this kind.`,
      action: 'Choose another way to connect.',
      where: 'service',
    })
  return { service, ...service.parse(text) }
}

async function requestByKey({ name }: Provider, service: ServiceKind, key: ServiceKey): Promise<Granted> {
  const answer = await service.requestAccess(key, new Date())
  if (answer.kind === 'granted') return answer
  if (answer.kind === 'away') throw new Problem(connectProblems.away(name, answer.reason))
  throw new Problem({
    code: 'key-refused',
    text: `${name} does not take this key file (${[answer.error, answer.description].filter(Boolean).join(': ')}).`,
    action:
      'Look whether the app is authorised by an administrator of the enterprise, and whether its key was replaced.',
    where: 'key',
  })
}
