import type { BoxPlace, BoxRoute } from './place'

/** GET /2.0/users/me */
export function userRoute({ tree }: BoxPlace): BoxRoute {
  return {
    method: 'GET',
    host: 'api.box.com',
    path: '/2.0/users/me',
    handle: (exchange, account) =>
      exchange.send(200, {
        ...{ type: 'user', id: account.id, name: account.name, login: account.login, status: 'active' },
        space_amount: account.quota,
        space_used: account.usedElsewhere + tree.usedBytes(),
        max_upload_size: account.largestFile,
      }),
  }
}
