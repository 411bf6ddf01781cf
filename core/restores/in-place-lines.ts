import { type Backup, db, type Prisma } from '@/lib/db'
import type { CheckLine } from '@/protocol/restore-check'
import { noPlanForSafety } from './in-place-target'
import { keptBeside } from './kept-beside'
import type { RestoreRequest } from './request-restore'
import { findSafetyPlan, usesRemote } from './safety-plan'

type Place = { worker: Prisma.WorkerGetPayload<{ include: { instance: true } }>; backup: Backup; remoteId: string }

/** What the dashboard itself has to say of a restore in place before it is confirmed. */
export async function inPlaceLines(request: RestoreRequest, place: Place): Promise<CheckLine[]> {
  const { instanceId } = place.worker
  const lines: CheckLine[] = [
    {
      ...{ name: 'in-place', level: 'green', action: null },
      text: 'What stands there is exchanged after the new was compared with the backup. The old is kept beside, and can be put back.',
    },
  ]
  if (instanceId !== place.backup.instanceId) lines.push(takesPlaceLine(place.worker.instance.name))
  lines.push(writersLine(request.inPlace?.writers ?? 'stopped'), ...(await safetyLines(request, place)))
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

function takesPlaceLine(target: string): CheckLine {
  return {
    ...{ name: 'takes-the-place', level: 'amber' },
    text: `Trees go where ${target} has sources of the same slugs, all else to the paths and databases that it was backed up from. It takes the place of what ${target} has there.`,
    action: 'What goes elsewhere than it was is named below. Where that is not right, restore beside.',
  }
}

async function safetyLines(request: RestoreRequest, place: Place): Promise<CheckLine[]> {
  if (!request.inPlace?.safety)
    return [
      {
        ...{ name: 'no-safety', level: 'amber' },
        text: 'No safety backup is made: what stands there now is kept on its own disk alone. It is lost when that disk fails, or when it is dropped.',
        action: 'Accept it where a backup onto the remote would take too long.',
      },
    ]
  const found = await db().$transaction((transaction) => findSafetyPlan(transaction, request, place))
  if (!found) {
    const { text, action } = noPlanForSafety().toFacts()
    return [{ name: 'safety', level: 'red', text, action: action ?? null }]
  }
  const { plan, sources } = found
  const text = `Before it the plan “${plan.name}” makes a safety backup of ${sources.map(({ slug }) => slug).join(', ')}.`
  if (usesRemote(plan, place.remoteId)) return [{ name: 'safety', level: 'green', text, action: null }]
  return [
    {
      ...{ name: 'safety', level: 'amber' },
      text: `${text} It lies on a remote that this plan does not use, where no retention deletes it.`,
      action: 'Delete it on its own page, once its 14 days are over and you need it no more.',
    },
  ]
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
