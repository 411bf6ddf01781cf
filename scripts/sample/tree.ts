import { chmodSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SampleContent } from './content'
import { makeOddFiles } from './odd-files'
import { SeededRandom } from './random'

export type SampleTree = {
  /** everything below the folder and below the configuration folder, hard links included */
  entries: number
  /** of files, hard links not counted; holes of sparse files count */
  bytes: number
  /** absolute path of a folder with configuration files, beside the trees */
  configFolder: string
  /** absolute paths of the four roots as Whole Tale lays them out */
  roots: { homes: string; workspaces: string; versions: string; runs: string }
}

const meanFileBytes = 40_000
const modified = 1_700_000_000

/**
 * Makes a sample of what a Whole Tale fileserver holds below `folder` (new or empty): homes, workspaces, versions hard-linked
 * to workspaces, runs, odd files of every kind, and configuration files. Same seed, same tree, but for owners where we are not root.
 */
export async function makeSampleTree(
  folder: string,
  options: { megabytes: number; seed: number },
): Promise<SampleTree> {
  mkdirSync(folder, { recursive: true })
  const random = new SeededRandom(options.seed)
  const sample = new SampleFiles(random)
  const root = (name: string) => join(folder, name)
  const roots = { homes: root('homes'), workspaces: root('workspaces'), versions: root('versions'), runs: root('runs') }
  for (const path of Object.values(roots)) sample.folder(path)

  const budget = options.megabytes * 1_000_000
  const logins = ['ada', 'barbara', 'edsger', 'grace', 'katherine', 'margaret']
  for (const login of logins) sample.fill(join(roots.homes, login.slice(0, 1), login), (budget * 0.35) / logins.length)
  const tales = Array.from({ length: 8 }, () => random.hex(24))
  for (const tale of tales) makeTale(sample, roots, tale, (budget * 0.65) / tales.length)

  const odd = await makeOddFiles(join(roots.homes, 'o'))
  const configFolder = root('config')
  makeConfiguration(sample, configFolder)
  return { entries: sample.entries + odd.entries, bytes: sample.bytes + odd.bytes, configFolder, roots }
}

/** A workspace, a version of it (hard links), and a run, that has a link to its version and files of its own. */
function makeTale(sample: SampleFiles, roots: SampleTree['roots'], tale: string, bytes: number): void {
  const workspace = join(roots.workspaces, tale.slice(0, 1), tale)
  const files = sample.fill(workspace, bytes * 0.9)
  const version = join(roots.versions, tale.slice(0, 2), tale, sample.random.hex(24))
  for (const file of files) sample.hardLink(join(workspace, file), join(version, 'workspace', file))
  const run = join(roots.runs, tale.slice(0, 2), tale, sample.random.hex(24))
  sample.fill(join(run, 'results'), bytes * 0.1)
  sample.symlink(`../../../../versions/${tale.slice(0, 2)}/${tale}/${version.slice(-24)}`, join(run, 'version'))
  sample.folder(join(roots.versions, tale.slice(0, 2), tale, '.trash'))
  sample.folder(join(roots.runs, tale.slice(0, 2), tale, '.trash'))
}

function makeConfiguration(sample: SampleFiles, folder: string): void {
  const files: [string, string, number][] = [
    ['acme.json', '{"default":{"Account":{"Email":"admin@example.org"},"Certificates":[]}}\n', 0o600],
    ['girder.local.cfg', '[global]\nserver.socket_host: "0.0.0.0"\n', 0o640],
    ['swarm-compose.yaml', 'version: "3.2"\nnetworks:\n  mongo:\n    attachable: true\n', 0o644],
    ['traefik/traefik.toml', '[entryPoints]\n  [entryPoints.https]\n    address = ":443"\n', 0o644],
  ]
  for (const [name, text, mode] of files) {
    sample.file(join(folder, name), Buffer.from(text))
    chmodSync(join(folder, name), mode)
  }
}

/** Writes files and counts what was made. */
class SampleFiles {
  entries = 0
  bytes = 0
  readonly random: SeededRandom
  readonly #content: SampleContent
  readonly #folders = new Set<string>()

  constructor(random: SeededRandom) {
    this.random = random
    this.#content = new SampleContent(random)
  }

  /** Fills a folder with about so many bytes: small files above all, some large, 40 % of the bytes incompressible. */
  fill(folder: string, bytes: number): string[] {
    this.folder(folder)
    const names: string[] = []
    for (let left = bytes; left > 0; ) {
      const size = Math.min(
        left,
        this.random.below(50) === 0 ? 20 * meanFileBytes : this.random.below(1.2 * meanFileBytes),
      )
      const isText = this.random.below(10) < 6
      const place = this.random.pick(['', 'data/', 'data/raw/', 'results/figures/', 'src/'])
      const name = `${place}${this.random.pick(['sample', 'station', 'run'])}-${names.length}.${isText ? 'csv' : 'jpg'}`
      const length = Math.ceil(size)
      this.file(join(folder, name), isText ? this.#content.text(length) : this.#content.incompressible(length))
      names.push(name)
      left -= Math.max(size, 1)
    }
    return names
  }

  file(path: string, content: Buffer): void {
    this.folder(dirname(path))
    writeFileSync(path, content)
    const time = modified + this.random.below(30_000_000) + 0.123456
    utimesSync(path, time, time)
    this.entries++
    this.bytes += content.length
  }

  hardLink(from: string, to: string): void {
    this.folder(dirname(to))
    linkSync(from, to)
    this.entries++
  }

  symlink(target: string, path: string): void {
    this.folder(dirname(path))
    symlinkSync(target, path)
    this.entries++
  }

  /** Makes a folder and its parents, and counts those that are new. */
  folder(path: string): void {
    if (this.#folders.has(path)) return
    const first = mkdirSync(path, { recursive: true })
    for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
      this.#folders.add(made)
      this.entries++
    }
    this.#folders.add(path)
  }
}
