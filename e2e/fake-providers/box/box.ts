import type { Exchange, Handler, Route } from '@/e2e/fake-providers/exchange'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'
import type { Account } from '@/e2e/fake-providers/realm'
import { sendBoxError, sendUnauthorized } from './errors'
import { boxRules, boxServerAuthentication } from './oauth'
import { sendUser } from './users'

/** A stand-in for Box: OAuth and the calls of its API that rclone and Talekeeper use. */
export function openBox({ realm }: Ground): Provider {
  const tokens = new Tokens(realm, boxRules)
  const server = boxServerAuthentication(() => realm.accounts.map((account) => account.id))
  /** Only for an account that the request's token stands for. */
  const signedIn =
    (handle: (exchange: Exchange, account: Account) => Promise<void> | void): Handler =>
    (exchange) => {
      const bearer = bearerOf(exchange, tokens)
      const account = realm.accounts.find((candidate) => candidate.id === bearer?.accountId)
      if (account) return handle(exchange, account)
      exchange.request.resume()
      sendUnauthorized(exchange)
    }
  const api = 'api.box.com'
  const routes: Route[] = [
    ...oauthRoutes('Box', realm, boxRules, tokens, server),
    {
      method: 'GET',
      host: api,
      path: '/2.0/users/me',
      handle: signedIn((exchange, account) => sendUser(exchange, account, 0)),
    },
  ]
  return {
    realm,
    tokens,
    hosts: ['api.box.com', 'upload.box.com', 'app.box.com', 'account.box.com', 'dl.boxcloud.com'],
    routes,
    notFound: (exchange) => sendBoxError(exchange, 404, 'not_found', 'Not Found'),
    listFiles: () => [],
  }
}
