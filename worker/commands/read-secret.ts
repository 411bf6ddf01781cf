import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Problem } from '@/protocol/problem'

/** A secret out of a file, or the first line of stdin for `-`; never of the command line, which all may read. Throws Problem `secret-unreadable`. */
export async function readSecret(file: string, { noun, option }: { noun: string; option: string }): Promise<string> {
  return (file === '-' ? await firstLineOfStdin(noun) : contentOf(file, noun, option)).trim()
}

function contentOf(file: string, noun: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Problem(
      {
        code: 'secret-unreadable',
        text: `The file with the ${noun} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: `Check the path after ${option}; use - to give the ${noun} on stdin.`,
        where: file,
      },
      { cause },
    )
  }
}

async function firstLineOfStdin(noun: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Paste the ${noun} and press Enter: `)
  const lines = createInterface({ input: process.stdin })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}
