import { besideCollectionPattern } from '@/protocol/names'
import type { Standing } from './next-move'

export function isBeside(collection: string): boolean {
  return besideCollectionPattern.test(collection)
}

export function standingName(name: string, standing: Standing, tag: string): string {
  switch (standing) {
    case 'place':
      return name
    case 'fresh':
      return `${name}__tk_${tag}`
    case 'old':
      return `${name}__old_${tag}`
    case 'late':
      return `${name}__late_${tag}`
  }
}

/** Those of a list that belong to the restore with this tag. */
export function ofTag(collections: string[], tag: string): string[] {
  return collections.filter((name) => isBeside(name) && name.endsWith(`_${tag}`))
}

/**
 * `database.collection` has at most 255 bytes since MongoDB 4.4, and 120 before
 * (https://www.mongodb.com/docs/manual/reference/limits/).
 */
export function longestNamespaceBytes(serverVersion: string): number {
  const [major = 0, minor = 0] = serverVersion.split('.').map(Number)
  return major > 4 || (major === 4 && minor >= 4) ? 255 : 120
}
