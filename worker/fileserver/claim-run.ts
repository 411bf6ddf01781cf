import { HttpUnreachable } from '@/lib/http'
import { Problem } from '@/protocol/problem'
import type { RunReference } from '@/protocol/worker-api'
import { BackOff } from './back-off'
import { type ControlPlane, Refused } from './control-plane'

const giveUpMilliseconds = 10 * 60_000

/**
 * Claims the run and returns its spec, waiting a while for a control plane that is away. Throws `Refused` when the run is not
 * ours to do, and a Problem when nothing was heard: the claim may or may not stand then.
 */
export async function claimRun(run: RunReference, control: ControlPlane, signal: AbortSignal): Promise<unknown> {
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 30_000 })
  const start = performance.now()
  let mayStand = false
  for (;;) {
    try {
      return await control.claim(run, signal)
    } catch (error) {
      if (error instanceof Refused && !(mayStand && error.code === 'not-claimable')) throw error
      if (error instanceof Refused) throw unheard(error)
      if (!(error instanceof HttpUnreachable)) throw error
      mayStand = true
      if (performance.now() - start > giveUpMilliseconds) throw unheard(error)
      await backOff.wait(signal)
    }
  }
}

function unheard(cause: unknown): Problem {
  return new Problem(
    {
      code: 'claim-unanswered',
      text: 'The worker took the run, but the answer of the control plane with its details did not arrive.',
      action: 'Start the run again; when it happens more often, look at the network between worker and control plane.',
    },
    { cause },
  )
}
