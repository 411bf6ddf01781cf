import { type DrivePlace, DriveRefusal, type DriveRoute } from './place'

/** Whose account it is, and what fits in it. */
export function accountRoutes({ tree }: DrivePlace): DriveRoute[] {
  return [
    {
      method: 'GET',
      host: 'www.googleapis.com',
      path: '/drive/v3/about',
      handle: (exchange, account) => {
        if (!exchange.query('fields')) throw new DriveRefusal(400, 'required', 'The fields parameter is required')
        const usage = String(account.usedElsewhere + tree.usedBytes())
        exchange.send(200, {
          kind: 'drive#about',
          user: { displayName: account.name, emailAddress: account.login, permissionId: account.id, me: true },
          storageQuota: { limit: String(account.quota), usage, usageInDrive: usage, usageInDriveTrash: '0' },
          maxUploadSize: String(account.largestFile),
        })
      },
    },
    ...['openidconnect.googleapis.com', 'www.googleapis.com'].map(
      (host): DriveRoute => ({
        method: 'GET',
        host,
        path: host.startsWith('openid') ? '/v1/userinfo' : '/oauth2/v3/userinfo',
        handle: (exchange, account) =>
          exchange.send(200, { sub: account.id, name: account.name, email: account.login, email_verified: true }),
      }),
    ),
  ]
}
