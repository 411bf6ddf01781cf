import { z } from 'zod'

/** How a MongoDB without a published port is reached: by programs in a container of its Docker network. */
export const mongodbContainerSchema = z.object({
  network: z
    .string()
    .trim()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/, 'Enter the name of a Docker network, such as wt_mongo.'),
  /** with mongodump of a version that fits the server, and its shell: the server's own image has both */
  image: z
    .string()
    .trim()
    .max(255, 'That is too long for an image.')
    .regex(
      /^(?:[a-zA-Z0-9.-]+(?::\d{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
      'Enter a Docker image, such as mongo:3.2.',
    ),
})
export type MongodbContainer = z.infer<typeof mongodbContainerSchema>

/** Where a program in the container finds the file with the address. */
const mountedConfigFile = '/run/talekeeper/mongodb.yaml'

/**
 * Where the vendor's tools find the address: a file that holds it whole, with its secrets, or hosts in plain sight, for tools too
 * old to read such a file (100.3 is the first that does).
 */
export type ToolAddress = { configFile: string } | { hosts: string }

/**
 * Arguments of mongodump for a whole archive on stdout. One collection at a time: memory and the load on the instance stay small,
 * and MongoDB-compatible servers need it.
 */
export function mongodumpArguments(options: {
  address: ToolAddress
  database: string | null
  oplog: boolean
}): string[] {
  const { address, database, oplog } = options
  return [
    'configFile' in address ? `--config=${address.configFile}` : `--host=${address.hosts}`,
    '--archive',
    '--numParallelCollections=1',
    ...(database === null ? [] : [`--db=${database}`]),
    ...(oplog ? ['--oplog'] : []),
  ]
}

/**
 * Arguments of docker for a program in a container that is gone afterwards. Its output goes to us alone: Docker's log would keep a
 * whole dump on the host's disk. The image's own entry point is left out, since it changes to a user who may not read the file.
 */
export function dockerRunArguments(options: {
  container: MongodbContainer
  name: string
  mountedFile?: string
  program: string
  programArguments: string[]
}): string[] {
  const { container, name, mountedFile, program, programArguments } = options
  return [
    'run',
    '--rm',
    '--interactive',
    `--name=${name}`,
    '--log-driver=none',
    `--network=${container.network}`,
    ...(mountedFile ? [`--mount=type=bind,source=${mountedFile},target=${mountedConfigFile},readonly`] : []),
    `--entrypoint=${program}`,
    container.image,
    ...programArguments,
  ]
}

/** Arguments of docker for a dump to stdout: the command line that a container source is backed up with. */
export function dockerDumpArguments(options: {
  container: MongodbContainer
  name: string
  address: ToolAddress
  database: string | null
  oplog: boolean
}): string[] {
  const { container, name, address, database, oplog } = options
  const isFile = 'configFile' in address
  return dockerRunArguments({
    ...{ container, name, program: 'mongodump' },
    ...(isFile ? { mountedFile: address.configFile } : {}),
    programArguments: mongodumpArguments({
      address: isFile ? { configFile: mountedConfigFile } : address,
      ...{ database, oplog },
    }),
  })
}

/** The same for a terminal, as the form shows it: FILE stands for the file that holds the address. */
export function dockerDumpCommand(container: MongodbContainer, database: string | null): string {
  const address = { configFile: 'FILE' }
  const [run, ...rest] = dockerDumpArguments({ container, name: 'talekeeper', address, database, oplog: false })
  return [`docker ${run}`, ...rest].join(' \\\n  ')
}
