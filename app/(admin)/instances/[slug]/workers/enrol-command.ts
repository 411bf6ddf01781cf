/** What the policy file of a host will allow. */
export type AllowedPlaces = {
  sourceRoots: string[]
  restoreRoots: string[]
  localRemoteRoots: string[]
  mongodb: boolean
  mongodbImages: string[]
}

export type EnrolOptions = AllowedPlaces & { url: string; token: string }

/**
 * The command that makes a host a worker, for pasting into a root shell. The token comes on stdin: arguments are seen by
 * every user of the host.
 */
export function enrolCommand({ url, token, ...places }: EnrolOptions): string {
  const options = [`--url ${quote(url)}`, '--token-file -', ...allowOptions(places)]
  return `printf %s ${quote(token)} | talekeeper-worker enroll ${options.join(' ')}`
}

/** The same with a migration link, and for a restore in place the leave to do that. */
export function linkCommand({ link, inPlace, ...places }: AllowedPlaces & { link: string; inPlace: boolean }): string {
  const options = ['--from-link -', ...allowOptions(places), ...(inPlace ? ['--allow-in-place-restore'] : [])]
  return `printf %s ${quote(link)} | talekeeper-worker restore ${options.join(' ')}`
}

function allowOptions(places: AllowedPlaces): string[] {
  return [
    list('--allow-source', places.sourceRoots),
    list('--allow-restore', places.restoreRoots),
    list('--allow-local-remote', places.localRemoteRoots),
    places.mongodb ? '--allow-mongodb' : '',
    places.mongodb ? list('--allow-mongodb-image', places.mongodbImages) : '',
  ].filter(Boolean)
}

function list(option: string, paths: string[]): string {
  return paths.length ? `${option} ${paths.map(quote).join(' ')}` : ''
}

/** For a POSIX shell; plain words stay as they are. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
