import { z } from 'zod'
import type { Account } from '@/core/connections/account'
import { readJson } from '@/core/connections/providers/read-json'

const fields = 'id,name,login,space_amount,space_used,max_upload_size'
const schema = z.object({
  id: z.coerce.string(),
  name: z.string().catch(''),
  login: z.string().catch(''),
  space_amount: z.number().optional(),
  space_used: z.number().optional(),
  max_upload_size: z.number().optional(),
})
/** Box says 1e18 or more of accounts without a bound, and a negative number of some. */
const unboundedBytes = 1e15

export async function readBoxAccount(accessToken: string): Promise<Account> {
  const url = `https://api.box.com/2.0/users/me?fields=${fields}`
  const { id, name, login, space_amount, space_used, max_upload_size } = schema.parse(await readJson(url, accessToken))
  const isBounded = space_amount !== undefined && space_amount >= 0 && space_amount < unboundedBytes
  return {
    ...{ id, name, login, driveId: null, driveType: null },
    quotaBytes: isBounded ? space_amount : null,
    usedBytes: space_used ?? null,
    largestFileBytes: max_upload_size ?? null,
  }
}
