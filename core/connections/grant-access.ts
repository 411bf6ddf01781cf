import { randomUUID } from 'node:crypto'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import type { Access, Remote } from '@/protocol/remotes'
import type { RunReference } from '@/protocol/worker-api'

/**
 * Puts into a spec what its worker needs to get access tokens for a remote that has a connection: a lease for this one run.
 * Other specs are returned as they are.
 */
export async function grantAccess(
  spec: object & { remote?: Remote },
  worker: { id: string },
  run: RunReference,
): Promise<object> {
  const { remote } = spec
  if (!remote || !('connectionId' in remote)) return spec
  return { ...spec, remote: { ...remote, access: await openLease(remote.connectionId, worker, run) } }
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
