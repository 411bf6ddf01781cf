/** What an administrator is told of. Pure, and the same on the server and in the browser. */

/** From least to most. */
export const severities = ['notice', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}

/** In the order in which people choose among them; the value is what they are called. */
export const incidentKinds = {
  'backup-failed': 'Backup failed',
  'backup-lost': 'Backup lost',
  'backup-overdue': 'Backup overdue',
  'backup-short': 'Backup with short content',
  'retention-held': 'Retention held by the shrink guard',
  'copy-missing': 'Backup missing on the remote',
  'copy-late': 'Second copy late',
  'warnings-unusual': 'More warnings than usual',
  'deletions-held': 'Deletions held for long',
  'verification-old': 'Verification too old',
  'drill-old': 'Restore drill too old',
  'worker-silent': 'Worker silent',
  'worker-outdated': 'Worker older than the dashboard',
  'worker-refused': 'Worker refused for its version',
  'clock-skew': 'Clocks disagree',
  'spool-low': 'Disk of the spool low',
  'remote-trouble': 'Remote does not work',
  connection: 'Connection needs attention',
  'quota-low': 'Quota nearly used up',
  'room-forecast': 'Room will be used up',
  'restore-running': 'Restore under way',
  'restore-failed': 'Restore failed',
  'restore-undone': 'Restore undone',
  'migration-failed': 'Migration cannot begin',
  'restored-left': 'Restored files left lying',
  'refresh-late': 'Refresh did not begin',
  'redis-away': 'Redis does not answer',
  'web-away': 'Dashboard does not run',
  'control-away': 'Control was away',
  'channel-failing': 'Alerts do not get through',
  'ping-failing': 'Outward ping not taken',
} as const
export type IncidentKind = keyof typeof incidentKinds
export const kindNames = Object.keys(incidentKinds) as [IncidentKind, ...IncidentKind[]]

/** What a kind is called; one of another version of Talekeeper by itself. */
export function kindInWords(kind: string): string {
  return (incidentKinds as Record<string, string>)[kind] ?? kind
}

/**
 * How an incident closed. `recovered`: what was wrong is right again. `over`: it was nothing wrong, and has ended. `paused`: nobody
 * watches it any more. `gone`: what it was about is no longer there.
 */
export const endings = ['recovered', 'over', 'paused', 'gone'] as const
export type Ending = (typeof endings)[number]

/** Kinds that tell of something that goes on, or was done, and is no fault. */
const passing: readonly string[] = ['restore-running', 'restore-undone'] satisfies IncidentKind[]

export function isPassing(kind: string): boolean {
  return passing.includes(kind)
}
