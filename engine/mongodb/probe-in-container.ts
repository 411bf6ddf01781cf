import type { MongodbContainer } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'
import type { MongodbSource } from '@/protocol/sources'
import { compareVersions } from '@/protocol/version'
import type { MongodbAddress } from './address'
import type { DumpTool } from './choose-tool'
import { askShell, type ShellFacts } from './mongo-shell'

/** The first mongodump that reads its address out of a file. */
const firstWithConfigFile = '100.3'

/**
 * Reaches the server in a container, and decides how the image's mongodump, the only one that can, is told the address. Throws a
 * Problem.
 */
export async function probeInContainer(
  source: MongodbSource,
  container: MongodbContainer,
  address: MongodbAddress,
  signal: AbortSignal,
): Promise<ShellFacts & { tool: DumpTool }> {
  if (source.databases && source.databases.length > 1)
    throw new Problem({
      code: 'mongodb-several-databases',
      text: 'In a container mongodump makes the dump, and it takes either one database or all.',
      action: 'Choose all databases, or make a source for each of them.',
    })
  const facts = await askShell(container, address, { queries: [], signal })
  const version = facts.mongodumpVersion
  if (version === null)
    throw new Problem({
      code: 'docker-image',
      text: `The image ${container.image} has no mongodump.`,
      action: 'Use the official mongo image of the version of the server.',
      where: container.image,
    })
  const isOld = compareVersions(version, firstWithConfigFile) < 0
  if (isOld && address.plainHosts === null)
    throw new Problem({
      code: 'mongodb-tools-do-not-fit',
      text: `mongodump ${version} of ${container.image} takes a password or options on its command line only, where every user of the host could read them.`,
      action: `Use an image with MongoDB Database Tools ${firstWithConfigFile} or newer that still fit the server.`,
      where: container.image,
    })
  const hosts = isOld ? address.plainHosts : null
  return { ...facts, tool: { way: 'mongodump', program: 'docker', version, container: { ...container, hosts } } }
}
