import type { Exchange, Route } from './exchange'
import type { Tokens } from './oauth/tokens'
import type { Realm } from './realm'

export const providerNames = ['box', 'drive', 'dropbox', 'onedrive'] as const
export type ProviderName = (typeof providerNames)[number]

export type Provider = {
  realm: Realm
  tokens: Tokens
  hosts: readonly string[]
  routes: Route[]
  /** what a request gets that no route fits */
  notFound: (exchange: Exchange) => void
  /** every file, by its path, with its size; what lies in the trash is left out */
  listFiles: () => { path: string; bytes: number }[]
  /** small files of these names into a folder that is there */
  fill: (path: string, names: string[]) => Promise<void>
}

/** What a provider gets to build on. */
export type Ground = {
  realm: Realm
  /** content of files lies here */
  folder: string
}
