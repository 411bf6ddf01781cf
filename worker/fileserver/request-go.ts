import { Cancelled } from '@/engine/context'
import { HttpUnreachable } from '@/lib/http'
import type { Contribution } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { BackOff } from './back-off'
import { type ControlPlane, Refused } from './control-plane'
import type { EventJournal } from './event-journal'
import type { EventSender } from './event-sender'

const longestWaitMilliseconds = 24 * 3_600_000

type Way = { journal: EventJournal; sender: EventSender; control: ControlPlane }

/** Asks control to sign the manifest's exact text. Waits and throws as `hearing` does. */
export function requestGo(manifest: string, way: Way, signal: AbortSignal): Promise<string> {
  const run = way.journal.run
  return hearing(way, signal, (either) => way.control.go({ run, manifest }, either))
}

/** Asks control whether the copy of a backup may get its manifest. Waits and throws as `hearing` does. */
export function requestCopyGo(manifestSha256: string, way: Way, signal: AbortSignal): Promise<void> {
  const run = way.journal.run
  return hearing(way, signal, (either) => way.control.copyGo({ run, manifestSha256 }, either))
}

/** Gives control what this worker adds to a backup that another completes. Waits and throws as `hearing` does. */
export function handOver(contribution: Contribution, way: Way, signal: AbortSignal): Promise<void> {
  const run = way.journal.run
  return hearing(way, signal, (either) => way.control.contribute({ run, contribution }, either))
}

/** Asks control whether a restore in place may exchange what stands there. Waits and throws as `hearing` does. */
export function requestSwap(way: Way, signal: AbortSignal): Promise<void> {
  const run = way.journal.run
  return hearing(way, signal, (either) => way.control.swapGo({ run }, either))
}

/**
 * Asks control for what a run cannot end without; everything reported before is delivered first. Waits up to 24 hours for a
 * control plane that is away, or believes the run lost until it hears of it. Throws the Problem of a refusal, or the signal's reason.
 */
async function hearing<T>(way: Way, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = AbortSignal.timeout(longestWaitMilliseconds)
  const either = AbortSignal.any([signal, deadline])
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 60_000 })
  try {
    await way.sender.drained(either)
    for (;;) {
      try {
        return await ask(either)
      } catch (error) {
        if (error instanceof Refused && error.code === 'cancelled') throw new Cancelled()
        if (!(error instanceof HttpUnreachable)) throw error
        way.sender.ask() // a control plane that believes the run lost refuses until it hears of it
        await backOff.wait(either)
      }
    }
  } catch (error) {
    if (deadline.aborted && !signal.aborted) throw unanswered(error)
    throw error
  }
}

function unanswered(cause: unknown): Problem {
  return new Problem(
    {
      code: 'go-unanswered',
      text: 'All parts were uploaded, but the control plane did not answer for 24 hours, so that nothing was completed.',
      action: 'Bring the control plane back, then start it again. What was uploaded is cleaned up by itself.',
    },
    { cause },
  )
}
