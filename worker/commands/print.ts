import { Problem } from '@/protocol/problem'
import { detailsOf } from '@/worker/fileserver/worker-log'

/** A line of a command's result, on stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** An error in words on stderr: what is wrong, where, and what to do. A defect shows its details, for a report. */
export function printError(error: unknown): void {
  const lines =
    error instanceof Problem ? linesOf(error) : [`Error inside Talekeeper, please report it: ${detailsOf(error)}`]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function linesOf(problem: Problem): string[] {
  return [
    `Error: ${problem.message}`,
    ...(problem.where ? [`  Where: ${problem.where}`] : []),
    ...(problem.action ? [`  What to do: ${problem.action}`] : []),
  ]
}
