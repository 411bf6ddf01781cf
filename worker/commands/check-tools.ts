import { type Finding, ok, problem, warning } from './finding'

/** The oldest versions that the engine was tried with. */
const needed = [
  { name: 'tar', oldest: '1.34', install: 'apt install tar' },
  { name: 'zstd', oldest: '1.4', install: 'apt install zstd' },
  { name: 'rclone', oldest: '1.60', install: 'apt install rclone' },
]

/** `versions` as probed: name → version of what is there. */
export function checkTools(versions: Record<string, string>, mongodbToolFolders: string[]): Finding[] {
  return [
    ok('node', versions.node ?? process.version),
    ...needed.map(({ name, oldest, install }) => {
      const version = versions[name]
      if (!version) return problem(name, 'It is not installed.', `Install it: ${install}`)
      if (isOlder(version, oldest))
        return warning(name, `${version} is older than ${oldest}, which was tried.`, 'Install a newer one.')
      return ok(name, version)
    }),
    versions.mongodump
      ? ok('mongodump', versions.mongodump)
      : ok('mongodump', 'Not installed; the built-in dumper is used.'),
    ...mongodbToolFolders.map((folder) => {
      const version = versions[`mongodump ${folder}`.slice(0, 60)]
      if (version) return ok(`mongodump in ${folder}`, version)
      return problem(`mongodump in ${folder}`, 'There is none that runs.', 'Correct or remove --mongodb-tools.')
    }),
  ]
}

function isOlder(version: string, oldest: string): boolean {
  const [left, right] = [version, oldest].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  const index = right?.findIndex((part, at) => part !== (left?.[at] ?? 0)) ?? -1
  return index >= 0 && (left?.[index] ?? 0) < (right?.[index] ?? 0)
}
