import type { RestoreRequest } from '@/core/restores/request-restore'
import type { CheckLine } from '@/protocol/restore-check'
import { findProfile } from './find-profile'
import { fixUpLines, withoutLines } from './fix-up-lines'

/** What the check says of databases that come from another instance. */
export async function fixUpCheckLines(
  { fixUps, mongodbSourceId }: Pick<RestoreRequest, 'fixUps' | 'mongodbSourceId'>,
  instanceId: string,
): Promise<CheckLine[]> {
  if (mongodbSourceId === null) return []
  const profile = fixUps && (await findProfile(instanceId))
  const lines = profile ? fixUpLines(withoutLines(profile, fixUps.without)) : []
  if (lines.length === 0)
    return [
      {
        ...{ name: 'fix-ups', level: 'amber' },
        text: 'No fix-ups: the databases come back with the addresses, secrets and people of the other instance.',
        action: 'Enter fix-ups for the target instance, or accept it where nobody starts Girder on them.',
      },
    ]
  const names = lines.map(({ label }) => label).join('; ')
  const text = `Fix-ups, after the comparison: ${names}.`.slice(0, 2000)
  return [{ name: 'fix-ups', level: 'green', text, action: null }]
}
