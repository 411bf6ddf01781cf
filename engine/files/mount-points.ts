import { readFile } from 'node:fs/promises'

/** Absolute paths of all mount points that this process sees, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export async function readMountPoints(): Promise<string[]> {
  return parseMountInfo(await readFile('/proc/self/mountinfo', 'utf8'))
}

/** Field 5 of each line; space, tab, newline and backslash stand there as `\ooo`. */
export function parseMountInfo(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((path) => path !== undefined)
    .map((path) => path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))))
}
