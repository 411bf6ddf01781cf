import type { ConsoleStep, Provider, ProviderId } from './providers/provider'
import { listProviders } from './providers/find-provider'
import { redirectAddressOf } from './redirect-address'

/** What a person needs to know of a provider, as far as it may be shown. */
export type ProviderGuide = {
  id: ProviderId
  name: string
  consoleUrl: string
  steps: ConsoleStep[]
  scopes: readonly string[]
  redirectAddress: string
  loopbackAddress: string
  hasTenant: boolean
  unusedDeathDays: number | null
  codeSeconds: number
  services: { id: string; label: string; steps: string[] }[]
}

export function guideOf(provider: Provider): ProviderGuide {
  return {
    ...{ id: provider.id, name: provider.name, consoleUrl: provider.console.url, steps: provider.console.steps },
    ...{ scopes: provider.scopes, unusedDeathDays: provider.unusedDeathDays, codeSeconds: provider.codeSeconds },
    ...{ redirectAddress: redirectAddressOf(provider.id), loopbackAddress: provider.loopbackAddress },
    hasTenant: provider.hasTenant,
    services: provider.services.map(({ id, label, steps }) => ({ id, label, steps })),
  }
}

export function listProviderGuides(): ProviderGuide[] {
  return listProviders().map(guideOf)
}
