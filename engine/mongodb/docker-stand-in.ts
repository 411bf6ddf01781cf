import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A program `docker` for tests on hosts without an engine. It takes the command line apart as Docker does, puts each mounted file
 * in place of its target, and starts the entry point, which an "image" here is a folder of, with the same streams. Every call is
 * recorded with its arguments, environment and mounted files.
 */
export type DockerCall = {
  arguments: string[]
  environment: string
  /** of each mounted file */
  mounts: { source: string; target: string; mode: string; content: string }[]
}

export class DockerStandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'talekeeper-docker-'))
  readonly #record = join(this.folder, 'calls.jsonl')

  constructor() {
    for (const name of ['bin', 'images']) mkdirSync(join(this.folder, name))
    this.#install(join(this.folder, 'bin', 'docker'), dockerProgram(this.#record, join(this.folder, 'images')))
  }

  /** To be put before PATH. */
  get path(): string {
    return join(this.folder, 'bin')
  }

  /** Adds a program, written for Node, to an image. */
  addProgram(image: string, name: string, script: string): void {
    const folder = join(this.folder, 'images', encodeURIComponent(image))
    mkdirSync(folder, { recursive: true })
    this.#install(join(folder, name), script)
  }

  /** Puts a file beside the programs of an image. */
  addFile(image: string, file: string, name: string): void {
    cpSync(file, join(this.folder, 'images', encodeURIComponent(image), name))
  }

  /** Calls since the last time that it was asked. */
  takeCalls(): DockerCall[] {
    const text = existsSync(this.#record) ? readFileSync(this.#record, 'utf8') : ''
    rmSync(this.#record, { force: true })
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as DockerCall)
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #install(file: string, script: string): void {
    writeFileSync(file, `#!${process.execPath}\n${script}`)
    chmodSync(file, 0o755)
  }
}

function dockerProgram(record: string, images: string): string {
  return `
const { appendFileSync, readFileSync, statSync } = require('node:fs')
const { spawn } = require('node:child_process')
const given = process.argv.slice(2)
const call = { arguments: given, environment: JSON.stringify(process.env), mounts: [] }
const flags = new Set(['--rm', '--interactive'])
const withValue = new Set(['--name', '--log-driver', '--network', '--mount', '--entrypoint'])
const options = {}
let position = 1
for (; given[0] === 'run' && given[position].startsWith('--'); position++) {
  const [name, ...value] = given[position].split('=')
  if (!flags.has(name) && !(withValue.has(name) && value.length)) { console.error('docker: unknown flag: ' + name); process.exit(125) }
  options[name] = value.join('=')
}
if (options['--mount']) {
  const facts = Object.fromEntries(options['--mount'].split(',').map((part) => part.split('=')))
  const mode = (statSync(facts.source).mode & 0o777).toString(8)
  call.mounts.push({ source: facts.source, target: facts.target, mode, content: readFileSync(facts.source, 'utf8') })
}
appendFileSync(${JSON.stringify(record)}, JSON.stringify(call) + '\\n')
if (given[0] !== 'run') process.exit(0)
const image = given[position]
const folder = ${JSON.stringify(images)} + '/' + encodeURIComponent(image)
if (!require('node:fs').existsSync(folder)) { console.error("Unable to find image '" + image + "' locally"); process.exit(125) }
const inside = given.slice(position + 1).map((text) => call.mounts.reduce((found, mount) => found.replace(mount.target, mount.source), text))
const child = spawn(options['--entrypoint'], inside, { stdio: 'inherit', env: { PATH: folder + ':' + process.env.PATH } })
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => { console.error('docker: ' + error.message); process.exit(127) })
child.on('close', (code) => process.exit(code ?? 137))
`
}
