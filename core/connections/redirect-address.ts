import { controlPlaneEnv } from '@/lib/env'
import type { ProviderId } from './providers/provider'

/** Where a provider sends the browser back to: entered at the provider exactly like this. */
export function redirectAddressOf(provider: ProviderId): string {
  return `${controlPlaneEnv().publicUrl}/api/connections/${provider}/callback`
}
