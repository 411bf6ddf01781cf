/** A worker beats every 15 s; after so much silence it is worth a look. */
const silentSeconds = 180

export function isSilent(lastSeenAt: Date, now: Date): boolean {
  return now.getTime() - lastSeenAt.getTime() > silentSeconds * 1000
}
