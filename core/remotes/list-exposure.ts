import { z } from 'zod'
import { sha256Hex } from '@/lib/crypto'
import { db, type Remote } from '@/lib/db'
import { keeperOptions } from '@/protocol/keeper-options'
import type { Environment } from '@/protocol/names'
import { backendSchema } from '@/protocol/remotes'
import { findRemote } from './find-remote'
import { unsealSecrets } from './remote-spec'

export type Exposure = {
  /** instances whose workers get the credential, each with what they get it for */
  instances: {
    id: string
    name: string
    slug: string
    environment: Environment
    workers: string[]
    remotes: string[]
  }[]
  /** production shares it with another environment */
  crosses: boolean
  hasKeeper: boolean
  /** whether the kind of remote can have a second credential */
  mayHaveKeeper: boolean
}

/**
 * Whose backups a stolen worker could destroy: everyone whose workers get the credential of a remote, by this remote or by any
 * other that signs in with the same. Throws Problem `not-found`.
 */
export async function listExposure(remoteId: string): Promise<Exposure> {
  const remote = await findRemote(db(), remoteId)
  const print = credentialOf(remote)
  const same = (await db().remote.findMany()).filter((other) => credentialOf(other) === print)
  const using = await db().instance.findMany({
    where: {
      OR: [
        { plans: { some: { targets: { some: { remoteId: { in: same.map(({ id }) => id) } } } } } },
        {
          backups: { some: { copies: { some: { remoteId: { in: same.map(({ id }) => id) }, presence: 'present' } } } },
        },
      ],
    },
    orderBy: { name: 'asc' },
    select: {
      ...{ id: true, name: true, slug: true, environment: true },
      workers: { where: { state: 'active' }, orderBy: { slug: 'asc' }, select: { slug: true } },
      plans: { select: { targets: { select: { remoteId: true } } } },
    },
  })
  const instances = using.map(({ workers, plans, ...instance }) => {
    const ids = new Set(plans.flatMap(({ targets }) => targets.map((target) => target.remoteId)))
    const others = same.filter(({ id }) => id !== remoteId && ids.has(id)).map(({ name }) => name)
    return { ...instance, workers: workers.map(({ slug }) => slug), remotes: others }
  })
  const environments = new Set(instances.map(({ environment }) => environment))
  return {
    instances,
    crosses: environments.has('production') && environments.size > 1,
    hasKeeper: remote.keeper !== null,
    mayHaveKeeper: keeperOptions[backendSchema.parse(remote.backend)] !== undefined,
  }
}

const placeNames = ['host', 'port', 'url', 'endpoint', 'provider', 'region']

/** The same for remotes that sign in at the same place with the same credential; a local folder is a place of its own. */
function credentialOf(remote: Remote): string {
  if (remote.connectionId !== null) return `connection ${remote.connectionId}`
  if (remote.backend === 'local') return `folder ${remote.id}`
  const options = z.record(z.string(), z.unknown()).parse(remote.options)
  const names = keeperOptions[backendSchema.parse(remote.backend)]
  const given = { ...options, ...unsealSecrets(remote) } as Record<string, unknown>
  const kept = names
    ? [...placeNames, ...names.plain, ...names.secret]
    : Object.keys(given).toSorted((one, other) => (one < other ? -1 : 1))
  return sha256Hex(JSON.stringify([remote.backend, ...kept.map((name) => given[name] ?? null)]))
}
