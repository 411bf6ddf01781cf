import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { CommandNotFound, runCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import type { hostKeysAnswerSchema } from '@/protocol/worker-api'
import type { RunContext } from './context'

export type HostKeys = z.infer<typeof hostKeysAnswerSchema>

const waitSeconds = 10
const known = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{40,}={0,2})$/

/**
 * The keys that an SSH server shows to this host, with their fingerprints as ssh-keygen prints them. Who answers is not known:
 * a person compares before a key is pinned. Throws Problem `ssh-keyscan-missing` or `host-key-unknown`.
 */
export async function scanHostKey(host: string, port: string, context: Pick<RunContext, 'signal'>): Promise<HostKeys> {
  const result = await runCommand('ssh-keyscan', {
    arguments: ['-T', String(waitSeconds), '-p', port, '-t', 'ed25519,ecdsa,rsa', '--', host],
    signal: context.signal,
  }).catch((error: unknown) => {
    throw error instanceof CommandNotFound ? missing(error) : error
  })
  const keys = result.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => known.exec(line.trim().replace(/^\S+\s+/, '')) ?? [])
    .filter((text) => known.test(text))
  if (keys.length === 0)
    throw new Problem({
      code: 'host-key-unknown',
      text: 'The server showed no host key to this worker.',
      action: 'Check host and port, and that a firewall lets the worker through.',
      where: `${host}:${port}`,
    })
  return {
    keys: keys.slice(0, 10).map((key) => {
      const [type = '', base64 = ''] = key.split(' ')
      const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
      return { type, key, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` }
    }),
  }
}

function missing(cause: CommandNotFound): Problem {
  return new Problem(
    {
      code: 'ssh-keyscan-missing',
      text: 'ssh-keyscan is not installed on this worker’s host.',
      action: 'Install openssh-client there, or paste the key by hand.',
    },
    { cause },
  )
}
