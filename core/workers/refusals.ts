import { Problem } from '@/protocol/problem'

/** Why a worker's request about a run is turned down. A stranger's run and one that does not exist are not told apart. */
export function notClaimable(): Problem {
  return new Problem({
    code: 'not-claimable',
    text: 'This run is not waiting for this worker: it was cancelled, taken already, or is not its own.',
  })
}

export function locked(): Problem {
  return new Problem({
    code: 'locked',
    text: 'Another backup, restore, deletion or look works on this instance.',
    action: 'Nothing to do: control hands the run out again once the instance is free.',
  })
}

export function blackedOut(): Problem {
  return new Problem({
    code: 'blacked-out',
    text: 'The plan of this backup lets none begin at this time.',
    action: 'Nothing to do: control hands the run out again once that time is over.',
  })
}

export function staleAttempt(): Problem {
  return new Problem({
    code: 'stale-attempt',
    text: 'This run is not in the hands of this worker: it ended, was handed out again, or is not its own.',
  })
}
