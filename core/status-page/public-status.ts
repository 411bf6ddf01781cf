import type { HealthState, InstanceHealth, Verification } from '@/core/health/judge'

/** All that a status page tells. Whoever adds to it tells it to the world: no names but the instance's, no texts of findings. */
export type PublicStatus = {
  name: string
  state: HealthState
  /** of the plan that is worst off; null: there is none */
  lastGood: { at: Date; verification: Verification } | null
  nextAt: Date | null
  /** the zone in which times are told */
  timeZone: string
}

/** What the world may know of an instance's health. Pure. */
export function publicStatusOf(name: string, health: InstanceHealth): PublicStatus {
  const { state, newestGood, next } = health
  return {
    ...{ name, state, nextAt: next?.at ?? null, timeZone: next?.timeZone ?? 'UTC' },
    lastGood: newestGood && { at: newestGood.finishedAt, verification: newestGood.verification },
  }
}

export const stateWords: Record<HealthState, { word: string; meaning: string }> = {
  protected: { word: 'protected', meaning: 'Backups are made as planned.' },
  paused: { word: 'paused', meaning: 'No new backups are made at the moment. What was backed up is still there.' },
  'at risk': { word: 'at risk', meaning: 'Something about the backups needs a person. The operators see what it is.' },
  unprotected: { word: 'unprotected', meaning: 'There is no backup that can be relied on.' },
}

export const verificationWords: Record<Verification, string> = {
  none: 'Not yet',
  uploaded: 'Compared after its upload',
  readBack: 'Read back in full and compared',
  drilled: 'Restored as a trial and compared',
}

/** `24 November 2026 at 02:00 CST`, in that zone */
export function momentInZone(at: Date, timeZone: string): string {
  return at.toLocaleString('en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZone, timeZoneName: 'short' },
  })
}
