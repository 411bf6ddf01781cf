import { readdirSync, readFileSync } from 'node:fs'
import { runWatched } from './measure'

const sampleMilliseconds = 50

/** Peak of the summed proportional set size (PSS: shared pages counted once) of all processes of a command line, in bytes. */
export async function measurePeakMemory(commandLine: string): Promise<number> {
  let peak = 0
  await runWatched(commandLine, (pid) => {
    const timer = setInterval(() => {
      peak = Math.max(peak, bytesBelow(pid))
    }, sampleMilliseconds)
    return () => clearInterval(timer)
  })
  return peak
}

/** Of all descendants of the shell, itself left out. */
function bytesBelow(root: number): number {
  const children = childrenByParent()
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + pssBytes(child) + sum(child), 0)
  return sum(root)
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readOrEmpty(`/proc/${name}/stat`)
    // the program's name stands in brackets and may hold anything; the parent is the second field behind it
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  return children
}

function pssBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return '' // the process has ended meanwhile
  }
}
