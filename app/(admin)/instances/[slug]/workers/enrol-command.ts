export type EnrolOptions = {
  url: string
  token: string
  /** what the worker's policy file will allow */
  sourceRoots: string[]
  restoreRoots: string[]
  localRemoteRoots: string[]
  mongodb: boolean
  mongodbImages: string[]
}

/**
 * The command that makes a host a worker, for pasting into a root shell. The token comes on stdin: arguments are seen by
 * every user of the host.
 */
export function enrolCommand({ url, token, ...policy }: EnrolOptions): string {
  const options = [
    `--url ${quote(url)}`,
    '--token-file -',
    list('--allow-source', policy.sourceRoots),
    list('--allow-restore', policy.restoreRoots),
    list('--allow-local-remote', policy.localRemoteRoots),
    policy.mongodb ? '--allow-mongodb' : '',
    policy.mongodb ? list('--allow-mongodb-image', policy.mongodbImages) : '',
  ].filter(Boolean)
  return `printf %s ${quote(token)} | talekeeper-worker enroll ${options.join(' ')}`
}

function list(option: string, paths: string[]): string {
  return paths.length ? `${option} ${paths.map(quote).join(' ')}` : ''
}

/** For a POSIX shell; plain words stay as they are. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
