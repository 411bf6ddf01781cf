import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { Cancelled } from '@/engine/context'
import { HttpUnreachable } from '@/lib/http'
import { pause } from './back-off'
import { Refused } from './control-plane'
import type { Station } from './station'

export type About = { version: string; tools: Record<string, string>; everySeconds: number }

/** Tells the control plane that this worker lives, and hears whom to cancel. Resolves when stopped, or when the key is refused. */
export async function keepHeartbeat(station: Station, about: About, stop: AbortSignal): Promise<'stopped' | 'refused'> {
  let complaint = ''
  while (!stop.aborted) {
    try {
      await beat(station, about, stop)
      if (complaint) station.log('info', 'The control plane answers again.')
      complaint = ''
    } catch (error) {
      if (stop.aborted) break
      if (error instanceof Refused && error.isKeyRefused) return 'refused'
      const text = words(error)
      if (text !== complaint) station.log(error instanceof Refused ? 'error' : 'warn', text)
      complaint = text
    }
    await pause(about.everySeconds * 1000, stop).catch(() => {})
  }
  return 'stopped'
}

async function beat({ control, running, state }: Station, { version, tools }: About, stop: AbortSignal): Promise<void> {
  const spool = await statfs(state.spool).catch(() => ({ bavail: 0, blocks: 0, bsize: 0 }))
  const answer = await control.heartbeat(
    {
      hostName: hostname().slice(0, 255) || 'unknown',
      version,
      tools,
      spoolFreeBytes: spool.bavail * spool.bsize,
      spoolTotalBytes: spool.blocks * spool.bsize,
      clock: new Date().toISOString(),
      running: running.list().slice(0, 20),
    },
    stop,
  )
  for (const run of answer.cancel) running.abort(run, new Cancelled())
}

function words(error: unknown): string {
  if (error instanceof Refused) return `The control plane refuses this worker: ${error.message} ${error.action ?? ''}`
  const reason = error instanceof HttpUnreachable ? error.message : String(error)
  return `The control plane is away; work goes on, and reports wait on disk: ${reason}`
}
