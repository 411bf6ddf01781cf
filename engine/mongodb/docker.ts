import { randomUUID } from 'node:crypto'
import { CommandNotFound, runCommand } from '@/lib/command'
import type { MongodbContainer } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'

const removalSeconds = 20

/**
 * Has `use` start a container of that name, and removes what is left of it when `use` fails: a client that was killed leaves its
 * container running.
 */
export async function withContainer<T>(signal: AbortSignal, use: (name: string) => Promise<T>): Promise<T> {
  const name = `talekeeper-${randomUUID()}`
  try {
    return await use(name)
  } catch (error) {
    await runCommand('docker', {
      arguments: ['rm', '--force', name],
      signal: AbortSignal.timeout(removalSeconds * 1000),
    }).catch(() => {})
    signal.throwIfAborted()
    throw error
  }
}

/** What Docker itself says, for people. Whatever else it was comes back as it is. */
export function explainDocker(error: unknown, { image, network }: MongodbContainer): unknown {
  if (error instanceof CommandNotFound && error.program === 'docker')
    return dockerProblem(
      'docker-missing',
      'docker is not installed on this host.',
      'Install it, or reach MongoDB directly.',
    )
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof Problem) return error
  if (/Cannot connect to the Docker daemon|docker\.sock|permission denied/i.test(text))
    return dockerProblem(
      'docker-refused',
      'The Docker engine of this host does not answer the worker.',
      'Look whether it runs, and whether the worker may use it: run the worker as root, or put its user into the group docker.',
    )
  if (/network .*not found|not manually attachable|Could not attach to network/i.test(text))
    return dockerProblem(
      'docker-network',
      `A container cannot join the Docker network ${network}.`,
      'Check its name with: docker network ls. A network of a Swarm must be attachable.',
    )
  if (/Unable to find image|pull access denied|manifest unknown|No such image/i.test(text))
    return dockerProblem(
      'docker-image',
      `The image ${image} is not on this host and cannot be fetched.`,
      `Run: docker pull ${image}`,
    )
  if (/executable file not found|no such file or directory/i.test(text))
    return dockerProblem(
      'docker-image',
      `The image ${image} lacks mongodump or a MongoDB shell.`,
      'Use the official mongo image of the version of the server.',
    )
  return dockerProblem(
    'docker-failed',
    `Docker ended with: ${text}`.slice(0, 2000),
    'Try the command line of the source on the host.',
  )
}

function dockerProblem(code: string, text: string, action: string): Problem {
  return new Problem({ code, text, action })
}
