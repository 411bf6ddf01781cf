import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Results of a soak's rounds, one JSON line each below `.cache/soak/<seed>/`: the next start goes on after the last one. */
export class Progress<Result> {
  readonly #file: string

  constructor(seed: number, name: string) {
    const folder = join('.cache', 'soak', String(seed))
    mkdirSync(folder, { recursive: true })
    this.#file = join(folder, `${name}.jsonl`)
  }

  read(): Result[] {
    if (!existsSync(this.#file)) return []
    const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as Result)
  }

  add(result: Result): void {
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`)
  }
}
