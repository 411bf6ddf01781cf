import { readFileSync } from 'node:fs'
import { Problem } from '@/protocol/problem'

/** A file that a person named after an option. Throws a Problem that says which. */
export function readNamedFile(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Problem(
      {
        code: 'file-unreadable',
        text: `The file after ${option} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
        action: `Check the path after ${option}, and that this user may read it.`,
        where: file.slice(0, 1000),
      },
      { cause },
    )
  }
}
