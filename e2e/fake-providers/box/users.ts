import type { Exchange } from '@/e2e/fake-providers/exchange'
import type { Account } from '@/e2e/fake-providers/realm'

/** GET /2.0/users/me */
export function sendUser(exchange: Exchange, account: Account, usedBytes: number): void {
  exchange.send(200, {
    type: 'user',
    id: account.id,
    name: account.name,
    login: account.login,
    status: 'active',
    language: 'en',
    timezone: 'Europe/Berlin',
    space_amount: account.quota,
    space_used: account.usedElsewhere + usedBytes,
    max_upload_size: account.largestFile,
  })
}
