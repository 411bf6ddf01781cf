import { fetchPart } from '@/engine/parts/part-reader'
import type { ManifestPart } from '@/engine/parts/part-shipper'
import type { PartCheck } from '@/protocol/remotes'
import type { ReplicationRun } from './replication-run'

/**
 * Brings every part to the other remote that is not there yet: through the spool, where size and SHA-256 are compared before it is
 * sent on, and checked there as the parts of a backup are. Returns how each was found to be right.
 */
export async function copyParts(run: ReplicationRun): Promise<PartCheck[]> {
  const { parts, meter, shipper, scope } = run
  meter.begin('parts', run.spec.backup.folder, sum(parts))
  const { lacking, checks } = await findLacking(run)
  if (parts.length > lacking.length)
    run.log('info', `${parts.length - lacking.length} of ${parts.length} parts lie there already, and are right.`)
  const fetchNext = (part: ManifestPart | undefined) => {
    const fetched = part ? run.spool.track(fetchInto(run, part)) : null
    fetched?.catch(() => {}) // awaited when its turn comes; until then it must not end the process
    return fetched
  }
  // a bandwidth limit holds for what comes and what goes together
  const isLimited = run.spec.limits.bytesPerSecond !== null
  let next = fetchNext(lacking[0])
  for (const [index, part] of lacking.entries()) {
    scope.signal.throwIfAborted()
    const file = await next
    if (!isLimited) next = fetchNext(lacking[index + 1])
    if (file !== null) checks.push((await shipper.ship(file, part.name, part.rawBytes)).checked)
    if (isLimited) next = fetchNext(lacking[index + 1])
  }
  return checks
}

/** The parts of an earlier try are not sent twice, once their content was compared. */
async function findLacking({ parts, there, shipper, meter }: ReplicationRun) {
  const lacking: ManifestPart[] = []
  const checks: PartCheck[] = []
  for (const part of parts) {
    const check = there.has(part.name) ? await shipper.find(part) : null
    if (check === null) lacking.push(part)
    else {
      checks.push(check)
      meter.add(part.bytes)
    }
  }
  return { lacking, checks }
}

async function fetchInto({ from, folder, spool, scope, meter }: ReplicationRun, part: ManifestPart): Promise<string> {
  let counted = 0
  const file = await fetchPart(part, { store: from, folder, spool, signal: scope.signal }, (bytes) => {
    meter.add(Math.max(0, Math.min(bytes, part.bytes) - counted))
    counted = Math.max(counted, Math.min(bytes, part.bytes))
  })
  meter.add(part.bytes - counted)
  return file
}

function sum(parts: ManifestPart[]): number {
  return parts.reduce((bytes, part) => bytes + part.bytes, 0)
}
