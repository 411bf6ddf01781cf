import { db } from '@/lib/db'
import {
  type Backend,
  backendSchema,
  cryptSchema,
  limitsSchema,
  type RemoteLimits,
  secretOptions,
} from '@/protocol/remotes'
import { findRemote } from './find-remote'
import type { ConnectionChoice } from './list-connection-choices'
import { addressOf } from './list-remotes'
import { unsealSecrets } from './remote-spec'

export type RemoteDetail = {
  id: string
  slug: string
  name: string
  backend: Backend
  baseFolder: string
  address: string
  options: Record<string, string>
  /** names of the secrets that are saved; their values never leave the server */
  savedSecrets: string[]
  plans: { id: string; name: string; instance: string }[]
  copies: number
  /** whether deletions have a credential of their own */
  keeper: boolean
  limits: RemoteLimits | null
  /** of Box: what is deleted does not stay in the trash */
  deletesForEver: boolean
  /** what is encrypted; null: nothing */
  encryption: { names: boolean } | null
  /** of a backend that takes its access from one */
  connection: { id: string; name: string; state: ConnectionChoice['state'] } | null
}

const namesSchema = cryptSchema.pick({ names: true })

/** One remote with what uses it. Throws Problem `not-found`. */
export async function getRemote(id: string): Promise<RemoteDetail> {
  const remote = await findRemote(db(), id)
  const backend = backendSchema.parse(remote.backend)
  const saved = unsealSecrets(remote)
  const [plans, copies, connection] = await Promise.all([
    db().plan.findMany({
      where: { targets: { some: { remoteId: id } } },
      orderBy: { name: 'asc' },
      select: { id: true, name: true, instance: { select: { name: true } } },
    }),
    db().copy.count({ where: { remoteId: id, presence: { in: ['present', 'missing', 'leftover'] } } }),
    remote.connectionId === null
      ? null
      : db().connection.findUnique({
          where: { id: remote.connectionId },
          select: { id: true, name: true, state: true },
        }),
  ])
  return {
    id,
    slug: remote.slug,
    name: remote.name,
    backend,
    baseFolder: remote.baseFolder,
    address: addressOf(remote),
    options: remote.options as Record<string, string>,
    savedSecrets: secretOptions(backend).filter((name) => saved[name] !== undefined),
    plans: plans.map((plan) => ({ id: plan.id, name: plan.name, instance: plan.instance.name })),
    copies,
    keeper: remote.keeper !== null,
    limits: remote.limits === null ? null : limitsSchema.parse(remote.limits),
    deletesForEver: remote.deletesForEver,
    encryption: remote.crypt === null ? null : { names: namesSchema.parse(remote.crypt).names !== 'off' },
    connection,
  }
}
