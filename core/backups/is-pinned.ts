/** Whether a pin holds at that moment: one whose end has passed does not. Pure. */
export function isPinned({ pinnedAt, pinnedUntil }: Pin, now: Date): boolean {
  return pinnedAt !== null && (pinnedUntil === null || pinnedUntil > now)
}

type Pin = { pinnedAt: Date | null; pinnedUntil: Date | null }
