/** See docs/remote-format.md, “Restore with plain tools”. */
const tarOptions =
  "--preserve-permissions --same-owner --numeric-owner --acls --xattrs --xattrs-include='*' --delay-directory-restore"

/** `crypt` null: it is not encrypted */
type Place = { slug: string; backend: string; baseFolder: string; crypt?: unknown }

/** Where something below a remote's base folder lies, as rclone names it; a remote's slug is taken for its name in rclone.conf. */
export function remotePath({ slug, backend, baseFolder, crypt }: Place, below: string): string {
  if (crypt) return `${slug}:${below}`
  const path = `${baseFolder}/${below}`
  return backend === 'local' ? path : `${slug}:${path}`
}

/**
 * Shell commands that fetch a backup, check it and unpack it into an empty folder, with plain tools. `folder` is the backup's
 * own, below the remote's base folder.
 */
export function restoreCommands(backup: {
  remote: Place
  folder: string
  artifacts: { kind: string; name: string }[]
}): string {
  const { remote } = backup
  const fetch = [
    remote.backend === 'local' && !remote.crypt
      ? '# 1. fetch the backup, and check that it is whole'
      : `# 1. fetch the backup (${remote.slug} is the name of this remote${remote.crypt ? ', of type crypt over its base folder,' : ''} in your rclone.conf), and check that it is whole`,
    `rclone copy ${quote(remotePath(remote, backup.folder))} ./backup && cd backup`,
    'sha256sum --check SHA256SUMS',
  ]
  const trees = backup.artifacts.filter(({ kind }) => kind === 'files' || kind === 'config')
  const unpack = trees.flatMap(({ name }) => [
    `cat ${name}.* | zstd -d | tar --extract --directory /srv/restored ${tarOptions}`,
  ])
  const mongodb = backup.artifacts.filter(({ kind }) => kind === 'mongodb')
  const load = mongodb.map(
    ({ name }) =>
      `cat ${name}.* | zstd -d | mongorestore --archive --objcheck --stopOnError --nsInclude='girder.*' --nsFrom='girder.*' --nsTo='restored_girder.*'`,
  )
  return [
    ...fetch,
    ...(unpack.length > 0
      ? ['', '# 2. files: into an empty folder, never over live data', 'mkdir -m 700 /srv/restored', ...unpack]
      : []),
    ...(load.length > 0
      ? ['', '# 3. MongoDB: under another name first; read the last line for documents that failed', ...load]
      : []),
  ].join('\n')
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
