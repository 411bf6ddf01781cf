import { HttpUnreachable } from '@/lib/http'
import { BackOff, pause } from './back-off'
import { Refused, type Self } from './control-plane'
import type { Station } from './station'

const pendingMilliseconds = 3000
const refusedMilliseconds = 60_000

/** Asks who we are until an administrator has confirmed this worker. Rejects with the signal's reason only. */
export async function waitUntilActive({ control, log }: Station, stop: AbortSignal): Promise<Self> {
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 30_000 })
  let said = ''
  const sayOnce = (level: 'info' | 'warn' | 'error', text: string) => {
    if (text !== said) log(level, text)
    said = text
  }
  for (;;) {
    try {
      const self = await control.self(stop)
      if (self.state === 'active' && self.redis) return self
      if (self.state === 'revoked') sayOnce('error', revokedText)
      else sayOnce('info', `Waiting to be confirmed in the dashboard. Fingerprint: ${self.fingerprint}`)
      backOff.reset()
      await pause(self.state === 'revoked' ? refusedMilliseconds : pendingMilliseconds, stop)
    } catch (error) {
      stop.throwIfAborted()
      const isRefused = error instanceof Refused && error.isKeyRefused
      sayOnce(isRefused ? 'error' : 'warn', isRefused ? revokedText : awayText(error))
      await (isRefused ? pause(refusedMilliseconds, stop) : backOff.wait(stop))
    }
  }
}

const revokedText =
  'The control plane does not accept the key of this worker (revoked, or unknown). No work is taken; reports stay on disk. To use this host again, enrol it anew with --force.'

function awayText(error: unknown): string {
  if (error instanceof Refused) return `The control plane refuses this worker: ${error.message} ${error.action ?? ''}`
  const reason = error instanceof HttpUnreachable ? error.message : String(error)
  return `The control plane cannot be reached, trying again: ${reason}`
}
