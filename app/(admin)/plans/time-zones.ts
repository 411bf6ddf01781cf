import { assertTimeZone } from '@/core/plans/schedule'

/** Every zone that a schedule can be in, UTC first. */
export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter(isUsable)]
}

function isUsable(zone: string): boolean {
  try {
    assertTimeZone(zone)
    return zone !== 'UTC'
  } catch {
    return false
  }
}
