import type { ContentStore, Stored } from '@/e2e/fake-providers/content-store'
import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { Account, Realm } from '@/e2e/fake-providers/realm'
import type { Tree } from '@/e2e/fake-providers/tree'

/** What Box's routes share. */
export type BoxPlace = {
  realm: Realm
  tree: Tree
  store: ContentStore
  /** downloads that were led to another host */
  tickets: Map<string, Stored>
}

/** A route for an account whose token was good. */
export type BoxRoute = Omit<Route, 'handle'> & {
  handle: (exchange: Exchange, account: Account) => Promise<void> | void
}
