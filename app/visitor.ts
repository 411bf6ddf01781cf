import { headers } from 'next/headers'
import { clientAddressHeader } from '@/core/users/client-address'
import type { Visitor } from '@/core/users/open-session'

/** Where this request comes from, as the web process noted it when the request came in. */
export async function currentVisitor(): Promise<Visitor> {
  const list = await headers()
  return { address: list.get(clientAddressHeader) || null, userAgent: list.get('user-agent') }
}
