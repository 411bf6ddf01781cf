import type { PlannedFixUp } from './planned-fix-up'
import { elementOf, textOf, withField, withoutField } from './raw-document'

/** `item.dm` says where registered data lies in a cache. */
export function clearRegisteredData(): PlannedFixUp {
  return {
    result: { name: 'registered data', changed: 0, before: null, after: null },
    concerns: (collection) => collection === 'item',
    change: (document) => withoutField(document, 'dm'),
  }
}

/** A user becomes an administrator. `isFound` tells afterwards whether there was one of that login. */
export function makeAdministrator(login: string): PlannedFixUp & { isFound: () => boolean } {
  let isFound = false
  return {
    result: { name: 'administrator', changed: 0, before: null, after: login },
    concerns: (collection) => collection === 'user',
    change: (document) => {
      if (textOf(document, 'login') !== login) return document
      isFound = true
      return withField(document, elementOf('admin', true))
    },
    isFound: () => isFound,
  }
}
