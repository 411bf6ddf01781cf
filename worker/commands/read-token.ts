import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Problem } from '@/protocol/problem'

/** The one-time token out of a file, or the first line of stdin for `-`; never of the command line, which all may read. */
export async function readToken(file: string): Promise<string> {
  const token = (file === '-' ? await firstLineOfStdin() : contentOf(file)).trim()
  if (/^[\x21-\x7e]{20,200}$/.test(token)) return token
  throw new Problem({
    code: 'invalid-token',
    text: token ? 'That does not look like an enrolment token.' : 'There is no enrolment token.',
    action: 'Copy the whole token that the dashboard shows under "Enrol a worker".',
    where: file === '-' ? 'stdin' : file,
  })
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Problem(
      {
        code: 'token-unreadable',
        text: `The token file cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: 'Check the path after --token-file; use - to give the token on stdin.',
        where: file,
      },
      { cause },
    )
  }
}

async function firstLineOfStdin(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste the token and press Enter: ')
  const lines = createInterface({ input: process.stdin })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}
