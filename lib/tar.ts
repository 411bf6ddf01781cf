/** GNU tar (>= 1.29): the arguments that we start it with, and what its messages mean. It runs with LC_ALL=C (lib/command.ts). */

/** Written and read in blocks of 256 KiB: fewer and larger system calls. */
const blockingFactor = 512

/**
 * Arguments that archive `paths` (absolute) to stdout as one POSIX tar. Member names are the paths without the leading slash.
 * Names and exclusions are taken verbatim: no wildcards, no escapes, no options. An exclusion covers what lies below it.
 * `oneFileSystem` holds for all paths, since tar has it for a whole archive only.
 */
export function tarCreateArguments(options: { paths: string[]; exclude: string[]; oneFileSystem: boolean }): string[] {
  return [
    '--create',
    '--file=-',
    `--blocking-factor=${blockingFactor}`,
    '--format=posix',
    // access and status-change times cannot be restored, and the process id would make two archives of one tree differ
    '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    '--acls',
    '--xattrs',
    '--xattrs-include=*',
    '--numeric-owner',
    '--sparse',
    '--sort=name',
    '--quoting-style=escape',
    '--no-unquote',
    ...(options.oneFileSystem ? ['--one-file-system'] : []),
    '--anchored',
    '--no-wildcards',
    ...options.exclude.map((path) => `--exclude=${memberName(path)}`),
    '--directory=/',
    '--',
    ...options.paths.map(memberName),
  ]
}

/** Arguments that extract a tar from stdin into `folder`, everything as it was. Only root can give files back to their owners. */
export function tarExtractArguments(options: { folder: string; asRoot: boolean }): string[] {
  return [
    '--extract',
    '--file=-',
    `--blocking-factor=${blockingFactor}`,
    '--read-full-records',
    '--preserve-permissions',
    options.asRoot ? '--same-owner' : '--no-same-owner',
    '--numeric-owner',
    '--acls',
    '--xattrs',
    '--xattrs-include=*',
    '--delay-directory-restore',
    '--quoting-style=escape',
    `--directory=${options.folder}`,
  ]
}

/** The name that an absolute path has in an archive made with `-C /`. */
export function memberName(path: string): string {
  return path.slice(1)
}

export type TarMessage = {
  /**
   * `changed`: content may be mixed of two states. `vanished`: gone before it was read. `shrank`: the end is filled with zeros.
   * `socket`: left out, as it cannot be archived. `other`: anything else, tar's own words.
   */
  kind: 'changed' | 'vanished' | 'shrank' | 'socket' | 'other'
  /** the raw bytes of the member's name; null for `other` */
  name: Buffer | null
  /** tar's own words without the name */
  text: string
}

const messagePatterns = [
  ['changed', /^(.*): (file changed as we read it)$/],
  ['vanished', /^(.*): (File removed before we read it)$/],
  ['shrank', /^(.*): (File shrank by \d+ bytes?; padding with zeros)$/],
  ['socket', /^(.*): (socket ignored)$/],
] as const

/** Reads one line of tar's stderr, written with LC_ALL=C and --quoting-style=escape. */
export function parseTarMessage(line: string): TarMessage {
  const words = line.replace(/^tar: /, '')
  for (const [kind, pattern] of messagePatterns) {
    const match = pattern.exec(words)
    if (match?.[1] !== undefined && match[2] !== undefined)
      return { kind, name: unescapeName(match[1]), text: match[2] }
  }
  return { kind: 'other', name: null, text: words }
}

const escapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** Undoes tar's `escape` quoting style: C escapes, octal bytes, and a backslash before `:` or `\`. */
function unescapeName(escaped: string): Buffer {
  const text = escaped.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    /^[0-7]{3}$/.test(code)
      ? String.fromCharCode(Number.parseInt(code, 8))
      : String.fromCharCode(escapes[code] ?? code.charCodeAt(0)),
  )
  return Buffer.from(text, 'latin1')
}
