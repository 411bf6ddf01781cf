import { randomUUID } from 'node:crypto'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import type { Access, Remote } from '@/protocol/remotes'
import type { RunReference } from '@/protocol/worker-api'

/** Where a spec has a remote (protocol/specs.ts). */
const remoteFields = ['remote', 'from', 'to'] as const
type SpecWithRemotes = object & { [Field in (typeof remoteFields)[number]]?: Remote }

/**
 * Puts into a spec what its worker needs to get access tokens for each remote that has a connection: a lease for this one run.
 * Other specs are returned as they are.
 */
export async function grantAccess(spec: SpecWithRemotes, worker: { id: string }, run: RunReference): Promise<object> {
  const granted = { ...spec }
  for (const field of remoteFields) {
    const remote = spec[field]
    if (remote && 'connectionId' in remote)
      granted[field] = { ...remote, access: await openLease(remote.connectionId, worker, run) }
  }
  return granted
}

async function openLease(connectionId: string, worker: { id: string }, run: RunReference): Promise<Access> {
  const id = randomUUID()
  const secret = randomToken()
  await db().accessLease.create({
    data: {
      ...{ id, connectionId, workerId: worker.id, secretSha256: sha256Hex(secret) },
      ...{ runName: run.name, runId: run.id, attempt: run.attempt },
    },
  })
  return { id, secret, tokenUrl: `${controlPlaneEnv().publicUrl}/api/broker/token` }
}
