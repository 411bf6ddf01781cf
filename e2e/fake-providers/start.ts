import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBox } from './box/box'
import { boxRules } from './box/oauth'
import { CallLog } from './call-log'
import { makeCertificates } from './certificates'
import { startConnectProxy } from './connect-proxy'
import { FakeControl } from './control'
import { startControlServer } from './control-server'
import { driveRules, openDrive } from './drive/drive'
import { dropboxRules, openDropbox } from './dropbox/dropbox'
import { Exchange, findRoute } from './exchange'
import { Faults } from './faults'
import { onedriveRules, openOnedrive } from './onedrive/onedrive'
import type { Provider, ProviderName } from './provider'
import { nowOf } from './realm'
import { StateFile } from './state-file'

export type FakeProviders = {
  control: FakeControl
  /** the same for another process (control-client.ts) */
  controlUrl: string
  proxyUrl: string
  caFile: string
  publicKeyHash: string
  /** settings with which our own processes and rclone meet the fakes in place of the providers */
  environment: { HTTPS_PROXY: string; EXTRA_CA_FILE: string }
  stop: () => Promise<void>
}

/**
 * Starts stand-ins for Box, Google Drive, Dropbox and OneDrive on loopback, behind a proxy that leads only their names there. With
 * a `folder`, files, tokens, certificate and ports are found again at the next start; without one, all is gone at the end.
 */
export async function startFakeProviders(
  options: { folder?: string; proxyPort?: number; controlPort?: number } = {},
): Promise<FakeProviders> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'talekeeper-providers-'))
  const state = new StateFile(folder, {
    box: boxRules.accessTokenSeconds,
    drive: driveRules.accessTokenSeconds,
    dropbox: dropboxRules.accessTokenSeconds,
    onedrive: onedriveRules.accessTokenSeconds,
  })
  const ground = (name: ProviderName) => ({ realm: state.realms[name], folder: join(folder, name) })
  const providers: Record<ProviderName, Provider> = {
    box: openBox(ground('box')),
    drive: openDrive(ground('drive')),
    dropbox: openDropbox(ground('dropbox')),
    onedrive: openOnedrive(ground('onedrive')),
  }
  const names = Object.values(providers).flatMap((provider) => provider.hosts)
  const certificates = makeCertificates(join(folder, 'certificates'), names)
  const faults = new Faults()
  const calls = new CallLog()
  const server = createServer({ key: certificates.key, cert: certificates.certificate }, (request, response) =>
    serve(request, response),
  )
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, response)
    const { host, method, url } = exchange
    response.once('finish', () => calls.add({ host, method, path: url.pathname, status: response.statusCode }))
    try {
      if (!(await faults.meet(exchange))) await answer(exchange, response)
    } catch (error) {
      // a client that went away, or a request that cannot be read
      if (response.headersSent || response.destroyed) response.destroy()
      else exchange.send(400, { error: 'bad_request', error_description: String(error) })
    } finally {
      state.saveSoon()
    }
  }
  async function answer(exchange: Exchange, response: ServerResponse): Promise<void> {
    const provider = Object.values(providers).find((candidate) => candidate.hosts.includes(exchange.host))
    if (!provider) return exchange.send(421, null)
    response.setHeader('date', new Date(nowOf(provider.realm)).toUTCString())
    const route = findRoute(provider.routes, exchange)
    if (route) return route.handle(exchange)
    exchange.request.resume()
    provider.notFound(exchange)
  }
  // an upload may pause for as long as its sender likes
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy = await startConnectProxy(names, (server.address() as AddressInfo).port, options.proxyPort ?? 0)
  const control = new FakeControl(providers, faults, calls, () => state.saveSoon())
  const controlServer = await startControlServer(control, options.controlPort ?? 0)
  return {
    control,
    controlUrl: controlServer.url,
    proxyUrl: proxy.url,
    caFile: certificates.caFile,
    publicKeyHash: certificates.publicKeyHash,
    environment: { HTTPS_PROXY: proxy.url, EXTRA_CA_FILE: certificates.caFile },
    stop: async () => {
      faults.clear()
      await controlServer.stop()
      await proxy.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      state.save()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
