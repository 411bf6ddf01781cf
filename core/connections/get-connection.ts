import { type ConnectionMethod, type ConnectionState, db } from '@/lib/db'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'
import { type Account, accountOf } from './account'
import { findConnection } from './find-connection'
import type { ProviderId } from './providers/provider'
import { type ProviderGuide, guideOf } from './provider-guide'
import { unsealSecrets } from './sealed-secrets'

export type ConnectionDetail = {
  id: string
  slug: string
  name: string
  provider: ProviderId
  guide: ProviderGuide
  method: ConnectionMethod
  /** of a connection that signs in by a key file: which kind */
  service: string | null
  state: ConnectionState
  clientId: string | null
  tenant: string | null
  account: Account | null
  connectedAt: Date | null
  refreshedAt: Date | null
  /** when it dies if nobody uses it and Talekeeper does not refresh it; null: never by itself */
  diesAt: Date | null
  problem: ProblemFacts | null
  remotes: { id: string; name: string; plans: { id: string; name: string; instance: string }[] }[]
}

/** One connection with what uses it; its secrets never leave the server. Throws Problem `connection-not-found`. */
export async function getConnection(id: string): Promise<ConnectionDetail> {
  const connection = await findConnection(db(), id)
  const remotes = await db().remote.findMany({
    where: { connectionId: id },
    orderBy: { name: 'asc' },
    select: {
      id: true,
      name: true,
      targets: { select: { plan: { select: { id: true, name: true, instance: { select: { name: true } } } } } },
    },
  })
  const { slug, name, provider, method, state, clientId, settings, connectedAt, refreshedAt, diesAt } = connection
  const secrets = unsealSecrets(connection)
  return {
    ...{ id, slug, name, provider: provider.id, method, state, clientId, connectedAt, refreshedAt, diesAt },
    guide: guideOf(provider),
    service: secrets && 'service' in secrets ? secrets.service : null,
    tenant: settings.tenant ?? null,
    account: accountOf(connection.account),
    problem: problemSchema.nullable().catch(null).parse(connection.problem),
    remotes: remotes.map(({ targets, ...remote }) => ({
      ...remote,
      plans: targets.map(({ plan }) => ({ id: plan.id, name: plan.name, instance: plan.instance.name })),
    })),
  }
}

/** How a visit to the provider ended: its problem, or null where all went well or nothing is known of it. */
export async function getVisitProblem(connectionId: string, attemptId: string): Promise<ProblemFacts | null> {
  const attempt = await db().connectAttempt.findFirst({ where: { id: attemptId, connectionId } })
  return problemSchema
    .nullable()
    .catch(null)
    .parse(attempt?.problem ?? null)
}
