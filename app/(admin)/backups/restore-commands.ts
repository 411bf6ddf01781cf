/** See docs/remote-format.md, “Restore with plain tools”. */
const tarOptions =
  "--preserve-permissions --same-owner --numeric-owner --acls --xattrs --xattrs-include='*' --delay-directory-restore"

/**
 * Shell commands that fetch a backup, check it and unpack it into an empty folder, with plain tools. `folder` is the backup's
 * own, on the remote.
 */
export function restoreCommands(backup: {
  backend: string
  folder: string
  artifacts: { kind: string; name: string }[]
}): string {
  const source = backup.backend === 'local' ? quote(backup.folder) : quote(`REMOTE:${backup.folder}`)
  const fetch = [
    backup.backend === 'local'
      ? '# 1. fetch the backup, and check that it is whole'
      : '# 1. fetch the backup (REMOTE is the name of this remote in your rclone.conf), and check that it is whole',
    `rclone copy ${source} ./backup && cd backup`,
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
