/** Ends early when the tab is looked at again, the computer is online again, or the signal tells so. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = Number.isFinite(milliseconds) ? setTimeout(end, milliseconds) : undefined
    const onVisible = () => !document.hidden && end()
    function end() {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    document.addEventListener('visibilitychange', onVisible)
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
  })
}

/** Waits until the tab is looked at. */
export async function untilVisible(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) await pause(Number.POSITIVE_INFINITY, signal)
}
