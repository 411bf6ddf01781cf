import type { ServerFacts } from '@/lib/mongo-driver'
import type { Tool } from '@/lib/mongo-tools'
import type { MongodbContainer } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'
import type { MongodbSource } from '@/protocol/sources'
import { compareVersions } from '@/protocol/version'
import { fittingTools, toolFits } from './tool-versions'

export type DumpTool =
  | { way: 'built-in' }
  | {
      way: 'mongodump'
      program: string
      version: string
      /** it runs in a container; `hosts` where it is too old to read its address out of a file */
      container?: MongodbContainer & { hosts: string | null }
    }

/** The newest of the tools that serve a server of that wire version. */
export function newestFitting(found: Tool[], wireVersion: number): Tool | null {
  const fitting = found.filter((tool) => toolFits(tool.version, wireVersion))
  return fitting.sort((left, right) => compareVersions(right.version, left.version))[0] ?? null
}

/**
 * Who writes the dump: mongodump where one fits the server, else the built-in dumper. mongodump takes one database or all, so that
 * a choice of several is the built-in dumper's. Throws a Problem when nobody serves the server, or not as the source wants it.
 */
export function chooseTool(question: {
  tools: MongodbSource['tools']
  found: Tool[]
  databases: MongodbSource['databases']
  facts: Pick<ServerFacts, 'version' | 'maxWireVersion'>
  driverServes: boolean
  where: string
}): DumpTool {
  const { tools, found, databases, facts, driverServes, where } = question
  const isChoice = databases !== null && databases.length > 1
  const fitting = newestFitting(found, facts.maxWireVersion)
  if (tools !== 'auto' && tools !== 'built-in') checkNamedFolder(question, fitting)
  if (fitting && !isChoice) return { way: 'mongodump', program: fitting.program, version: fitting.version }
  if (driverServes) return { way: 'built-in' }
  if (fitting)
    throw new Problem({
      code: 'mongodb-several-databases',
      text: `MongoDB ${facts.version} is too old for the built-in dumper, and mongodump takes either one database or all.`,
      action: 'Choose all databases, or make a source for each of them.',
      where,
    })
  throw new Problem({
    code: 'mongodb-too-old',
    text: `MongoDB ${facts.version} is too old for the built-in dumper (4.2 or newer), and no mongodump on this host fits it.`,
    action: `Install the MongoDB Database Tools ${fittingTools(facts.maxWireVersion)} on this host; tool sets are found on PATH and in the worker's tool folders.${foundText(found)}`,
    where,
  })
}

function checkNamedFolder({ tools, found, facts }: Parameters<typeof chooseTool>[0], fitting: Tool | null): void {
  if (found.length === 0)
    throw new Problem({
      code: 'mongodb-tools-missing',
      text: `There is no working mongodump in ${tools}.`,
      action: 'Correct the folder in the source, or let Talekeeper choose ("auto").',
      where: tools,
    })
  if (!fitting)
    throw new Problem({
      code: 'mongodb-tools-do-not-fit',
      text: `mongodump ${found[0]?.version} in ${tools} does not serve MongoDB ${facts.version}.`,
      action: `Install the MongoDB Database Tools ${fittingTools(facts.maxWireVersion)}, or let Talekeeper choose ("auto").`,
      where: tools,
    })
}

function foundText(found: Tool[]): string {
  return found.length === 0 ? '' : ` Found: ${found.map((tool) => `${tool.version} (${tool.program})`).join(', ')}.`
}
