/** How patient the broker is. rclone asks five times a second apart, then the call it needs the token for is tried again. */
export type RefreshTimes = {
  /** the turn to refresh is a process's so long after it last said that it lives */
  turnSeconds: number
  /** one request to the provider */
  requestSeconds: number
  /** between requests where the provider does not say when to ask again */
  pauseSeconds: number
  /** whoever wants an access token waits no longer */
  waitSeconds: number
}

export const refreshTimes: RefreshTimes = { turnSeconds: 10, requestSeconds: 20, pauseSeconds: 1, waitSeconds: 25 }
