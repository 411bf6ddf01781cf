import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** name → the secret itself, long and random enough to occur nowhere by chance */
export type Markers = Record<string, string>

/** Where a secret was found: `<its name> in <place>`. */
export function findMarkers(content: Buffer | string, place: string, markers: Markers): string[] {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content)
  return Object.entries(markers)
    .filter(([, secret]) => spellings(secret).some((spelling) => bytes.includes(spelling)))
    .map(([name]) => `${name} in ${place}`)
}

/** The same in every file below a folder; names of files too. `skip` says which files may hold secrets. */
export function findMarkersBelow(folder: string, markers: Markers, skip: (file: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const file = join(folder, name)
    const inName = findMarkers(file, `the name of ${file}`, markers)
    if (skip(file) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return inName
    return [...inName, ...findMarkers(readFileSync(file), file, markers)]
  })
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('hex')]
}

/** Looks at the command line of every process of this machine again and again, until `stop` gives all that were seen. */
export function watchCommandLines(everyMilliseconds = 20): { stop: () => Set<string> } {
  const seen = new Set<string>()
  const look = () => {
    for (const pid of readdirSync('/proc')) if (/^\d+$/.test(pid)) seen.add(commandLineOf(pid))
  }
  const timer = setInterval(look, everyMilliseconds)
  return {
    stop: () => {
      clearInterval(timer)
      return seen
    },
  }
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // the process has ended meanwhile
    return ''
  }
}
