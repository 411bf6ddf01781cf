import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProviderName } from './provider'
import { emptyRealm, type Realm } from './realm'

type Realms = Record<ProviderName, Realm>

/** The realms of all providers, found again after a restart. They are written at once after each change of tokens and apps. */
export class StateFile {
  readonly realms: Realms
  private readonly file: string
  private timer: NodeJS.Timeout | undefined

  constructor(folder: string, lifetimes: Record<ProviderName, number>) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.file = join(folder, 'state.json')
    this.realms = existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, 'utf8')) as Realms)
      : {
          box: emptyRealm(lifetimes.box),
          drive: emptyRealm(lifetimes.drive),
          dropbox: emptyRealm(lifetimes.dropbox),
          onedrive: emptyRealm(lifetimes.onedrive),
        }
  }

  /** Soon, so that many changes in a row are written once. */
  saveSoon(): void {
    this.timer ??= setTimeout(() => this.save(), 200)
  }

  save(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    writeFileSync(`${this.file}.new`, JSON.stringify(this.realms), { mode: 0o600 })
    renameSync(`${this.file}.new`, this.file)
  }
}
