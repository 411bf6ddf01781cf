import { join } from 'node:path'
import { providerNames } from '@/e2e/fake-providers/provider'
import { type FakeProviders, startFakeProviders } from '@/e2e/fake-providers/start'
import { keepPorts } from '@/e2e/fake-providers/keep-ports'

/** What the demo's administrator enters at every provider's connection. */
const client = { clientId: 'demo-client', clientSecret: 'demo-secret' }

/** Stand-ins for Box and its like below `.demo/`, which know their files, accounts and tokens again at the next start. */
export async function startDemoProviders(folder: string): Promise<FakeProviders> {
  const place = join(folder, 'providers')
  return startFakeProviders({ folder: place, ...(await keepPorts(place)) })
}

/** The application that a person would register at each provider, for a dashboard at `url`. */
export function registerDemoApp({ control }: FakeProviders, url: string): void {
  const loopback = ['http://127.0.0.1:53682/', 'http://localhost:53682/']
  for (const name of providerNames)
    control.addApp(name, { ...client, redirectUris: [`${url}/api/connections/${name}/callback`, ...loopback] })
}

/** How a person clicks through a connection without an account. */
export function fakeBoxAdvice(fake: FakeProviders, folder: string, url: string): string {
  return `Box, Google Drive, Dropbox and OneDrive are stand-ins here. Browse by way of their proxy:

  chromium --proxy-server=${fake.proxyUrl} --ignore-certificate-errors-spki-list=${fake.publicKeyHash} \\
    --user-data-dir=${join(folder, 'browser')} ${url}/connections

There, make a connection with client id “${client.clientId}” and client secret “${client.clientSecret}”, and grant access.
What tests do behind its back (end tokens, fill the account, answer 429): POST to ${fake.controlUrl}/<method>, see e2e/fake-providers/control.ts.`
}
