import { parseToolLogLine, startTool, withoutCredentials } from '@/lib/mongo-tools'
import { dockerDumpArguments, mongodumpArguments } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'
import type { DumpTool } from './choose-tool'
import { explainDocker, withContainer } from './docker'
import type { ToldCounts } from './dump-built-in'

/** Namespace under which mongodump's count of oplog entries is told. */
const oplogNamespace = '.oplog'

type DumpOptions = {
  tool: Extract<DumpTool, { way: 'mongodump' }>
  toolUri: string
  hosts: string
  database: string | null
  oplog: boolean
  temporaryFolder: string
  write: (chunk: Uint8Array) => Promise<void> | undefined
  signal: AbortSignal
  log: (level: 'info', text: string) => void
}

/**
 * Has mongodump write an archive, on this host or in a container. Its exit status and its `Failed:` lines are judged here; that the
 * archive is whole and holds what mongodump said is the caller's to check. Throws a Problem.
 */
export async function dumpWithMongodump(options: DumpOptions): Promise<{ told: ToldCounts }> {
  const { container } = options.tool
  const { database, oplog } = options
  if (!container)
    return runMongodump(options, (configFile) => mongodumpArguments({ address: { configFile }, database, oplog }))
  const { hosts } = container
  return withContainer(options.signal, (name) =>
    runMongodump(options, (configFile) =>
      dockerDumpArguments({ container, name, address: hosts === null ? { configFile } : { hosts }, database, oplog }),
    ),
  ).catch((error) => {
    throw explainDocker(error, container)
  })
}

async function runMongodump(
  options: DumpOptions,
  build: (configFile: string) => string[],
): Promise<{ told: ToldCounts }> {
  const told: ToldCounts = new Map()
  let failure: string | null = null
  const command = await startTool(
    { name: 'mongodump', program: options.tool.program, version: options.tool.version },
    {
      uri: options.toolUri,
      temporaryFolder: options.temporaryFolder,
      build,
      stdin: 'ignore',
      signal: options.signal,
      onLine: (line) => {
        const meaning = parseToolLogLine(line)
        if (meaning?.type === 'dumped') told.set(meaning.namespace, meaning.documents)
        if (meaning?.type === 'dumped-oplog') told.set(oplogNamespace, meaning.documents)
        if (meaning?.type === 'failed') failure = withoutCredentials(meaning.text)
        if (/^docker: /.test(line)) failure ??= withoutCredentials(line)
        if (meaning) options.log('info', withoutCredentials(line))
      },
    },
  )
  try {
    for await (const chunk of command.stdout ?? []) await options.write(chunk as Uint8Array)
  } catch (error) {
    command.kill('SIGKILL')
    await command.finished.catch(() => {})
    options.signal.throwIfAborted()
    throw error
  }
  const { exitCode, endedBy } = await command.finished
  if (/^docker: /.test(failure ?? '')) throw new Error(failure ?? '')
  if (exitCode !== 0 || failure !== null)
    throw mongodumpFailed(failure ?? `it ended with ${exitCode ?? endedBy}`, options.hosts)
  return { told }
}

function mongodumpFailed(text: string, where: string): Problem {
  const action = /oplog overflow/.test(text)
    ? 'The oplog is too small for the time that the dump takes: enlarge it, or set the consistency of the source to "plain".'
    : /auth|not authorized|Unauthorized/i.test(text)
      ? 'Correct user and password in the source; the user needs the role "backup".'
      : 'Look at the log of this backup for what mongodump printed.'
  return new Problem({ code: 'mongodump-failed', text: `mongodump failed: ${text}`.slice(0, 2000), action, where })
}
