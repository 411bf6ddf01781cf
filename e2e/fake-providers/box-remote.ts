import { randomUUID } from 'node:crypto'
import type { Remote } from '@/protocol/remotes'
import { type FakeProviders, startFakeProviders } from './start'
import { type BrokeredProvider, type StandInBroker, startStandInBroker } from './stand-in-broker'

export type BoxRemote = { fake: FakeProviders; broker: StandInBroker; remote: Remote; stop: () => Promise<void> }

/**
 * A remote at the fake Box with access by a stand-in broker. Sets HTTPS_PROXY and EXTRA_CA_FILE of this process, which reads them
 * once: call it before anything of lib/ is imported.
 */
export async function startBoxRemote(): Promise<BoxRemote> {
  const fake = await startFakeProviders()
  Object.assign(process.env, fake.environment)
  const { broker, remote } = await openCloudRemote(fake, 'box')
  return {
    ...{ fake, broker, remote },
    stop: async () => {
      await broker.stop()
      await fake.stop()
    },
  }
}

/** A remote at one of the fakes that runs already. Its broker is to be stopped. */
export async function openCloudRemote(
  fake: FakeProviders,
  provider: BrokeredProvider,
): Promise<{ broker: StandInBroker; remote: Remote }> {
  const broker = await startStandInBroker(fake, fake.control.addApp(provider), provider)
  const facts = { id: randomUUID(), baseFolder: 'WT', options: {}, connectionId: randomUUID(), access: broker.access }
  return { broker, remote: { ...facts, backend: provider } }
}
