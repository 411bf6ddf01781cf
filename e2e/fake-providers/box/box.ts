import { join } from 'node:path'
import { ContentStore } from '@/e2e/fake-providers/content-store'
import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'
import { Tree } from '@/e2e/fake-providers/tree'
import { BoxRefusal, notFound, sendBoxError, sendUnauthorized } from './errors'
import { downloadRoute, fileRoutes } from './files'
import { folderRoutes } from './folders'
import { boxRules, boxServerAuthentication } from './oauth'
import type { BoxPlace, BoxRoute } from './place'
import { sessionRoutes } from './sessions'
import { uploadRoutes } from './uploads'
import { userRoute } from './users'

/** A stand-in for Box: OAuth, and the calls of its API that rclone and Talekeeper use. */
export function openBox({ realm, folder }: Ground): Provider {
  const tokens = new Tokens(realm, boxRules)
  const store = new ContentStore(join(folder, 'content'))
  const tree = new Tree(realm, store, false)
  const place: BoxPlace = { realm, tree, store, tickets: new Map() }
  const server = boxServerAuthentication(() => realm.accounts.map((account) => account.id))
  const signedIn = [
    userRoute(place),
    ...folderRoutes(place),
    ...fileRoutes(place),
    ...uploadRoutes(place),
    ...sessionRoutes(place),
  ]
  return {
    realm,
    tokens,
    hosts: ['api.box.com', 'upload.box.com', 'app.box.com', 'account.box.com', 'dl.boxcloud.com'],
    routes: [
      ...oauthRoutes('Box', realm, boxRules, tokens, server),
      ...signedIn.map((route) => guarded(route, realm, tokens)),
      downloadRoute(place),
    ],
    notFound: (exchange) => sendBoxError(exchange, notFound()),
    listFiles: () => tree.listFiles(),
    fill: (path, names) => tree.fill(path, names),
  }
}

/** Only for an account that the request's token stands for; refusals in Box's words. */
function guarded(route: BoxRoute, realm: Ground['realm'], tokens: Tokens): Route {
  return {
    ...route,
    handle: async (exchange: Exchange) => {
      const bearer = bearerOf(exchange, tokens)
      const account = realm.accounts.find((candidate) => candidate.id === bearer?.accountId)
      try {
        if (account) await route.handle(exchange, account)
        else sendUnauthorized(exchange, tokens.hasExpired(exchange.header('authorization').replace(/^Bearer /, '')))
      } catch (error) {
        if (!(error instanceof BoxRefusal)) throw error
        sendBoxError(exchange, error)
      } finally {
        exchange.request.resume()
      }
    },
  }
}
