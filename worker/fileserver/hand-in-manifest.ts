import type { FoundManifest } from '@/engine/context'
import { HttpUnreachable } from '@/lib/http'
import type { RunReference } from '@/protocol/worker-api'
import { BackOff } from './back-off'
import type { ControlPlane } from './control-plane'

/** Hands a manifest in to control, waiting for one that is away. Throws the Problem of a refusal, or the signal's reason. */
export async function handInManifest(
  found: FoundManifest,
  run: RunReference,
  control: ControlPlane,
  signal: AbortSignal,
): Promise<'adopted' | 'foreign' | 'known'> {
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 60_000 })
  for (;;) {
    try {
      return await control.handIn({ run, ...found }, signal)
    } catch (error) {
      if (!(error instanceof HttpUnreachable)) throw error
      await backOff.wait(signal)
    }
  }
}
