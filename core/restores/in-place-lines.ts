import { db } from '@/lib/db'
import type { CheckLine } from '@/protocol/restore-check'
import { keptBeside } from './kept-beside'
import type { RestoreRequest } from './request-restore'

/** What the dashboard itself has to say of a restore in place before it is confirmed. */
export async function inPlaceLines(
  { writers, safety }: NonNullable<RestoreRequest['inPlace']>,
  instanceId: string,
  isOther: boolean,
): Promise<CheckLine[]> {
  const lines: CheckLine[] = [
    {
      ...{ name: 'in-place', level: 'green', action: null },
      text: 'What stands there is exchanged after the new was compared with the backup. The old is kept beside, and can be put back.',
    },
  ]
  if (isOther)
    lines.push({
      ...{ name: 'other-instance', level: 'red', text: 'In place only an instance’s own backups are restored.' },
      action: 'Restore beside, or choose a worker of the instance that was backed up.',
    })
  lines.push(writersLine(writers))
  if (!safety)
    lines.push({
      ...{ name: 'no-safety', level: 'amber' },
      text: 'No safety backup is made: what stands there now is kept on its own disk alone. It is lost when that disk fails, or when it is dropped.',
      action: 'Accept it where a backup onto the remote would take too long.',
    })
  const kept = await keptBeside(instanceId)
  if (kept > 0)
    lines.push({
      ...{ name: 'kept-beside', level: 'amber' },
      text: `${kept === 1 ? 'An earlier restore' : `${kept} earlier restores`} in place still keep something beside; of the same trees and databases no second one is made.`,
      action: 'Undo or drop them on their pages.',
    })
  const running = await db().backup.count({ where: { instanceId, state: 'running' } })
  if (running > 0)
    lines.push({
      name: 'waits',
      level: 'green',
      text: 'It begins when the backup that is running has ended.',
      action: null,
    })
  return lines
}

function writersLine(writers: 'stopped' | 'command'): CheckLine {
  if (writers === 'command')
    return {
      ...{ name: 'writers', level: 'green', action: null },
      text: 'What writes there is stopped and started again by the programs that the policy file of the host names.',
    }
  return {
    ...{ name: 'writers', level: 'amber' },
    text: 'Nothing writes there: Girder is in maintenance or stopped, and no tale runs.',
    action: 'What is written in spite of that stops the restore before it exchanges anything.',
  }
}
