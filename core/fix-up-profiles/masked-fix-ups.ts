import type { RestoreRequest } from '@/core/restores/request-restore'
import { type FixUps, maskedValue } from '@/protocol/fix-ups'
import { findProfile } from './find-profile'
import { withoutLines } from './fix-up-lines'
import { assembleFixUps } from './stored-fix-ups'

/** What a restore into the instance is going to change, for a worker that only looks: no secret is in it. null: nothing. */
export async function maskedFixUps(instanceId: string, fixUps: RestoreRequest['fixUps']): Promise<FixUps | null> {
  const profile = fixUps && (await findProfile(instanceId))
  if (!profile) return null
  const stored = withoutLines(profile, fixUps.without)
  return assembleFixUps(stored, Object.fromEntries(stored.secretNames.map((name) => [name, maskedValue])))
}
