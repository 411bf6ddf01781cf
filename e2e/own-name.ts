import { randomBytes } from 'node:crypto'

/** A slug, and name of a folder, that no other story has: one that failed begins anew in another process, on the same dashboard. */
export function ownName(word: string): string {
  return `${word}-${randomBytes(3).toString('hex')}`
}
