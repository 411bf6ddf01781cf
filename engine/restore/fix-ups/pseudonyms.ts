import { createHmac } from 'node:crypto'
import { elementsOf } from '@/engine/mongodb/extended-json'
import { textOf } from './raw-document'

export type Person = { login: string; email: string; firstName: string; lastName: string }

/** All pseudonyms have it, so that one is known again and not replaced by another. */
export const pseudonymFirstName = 'Person'

/** Girder and Whole Tale find folders by these, whoever may have them as a last name. */
const namesOfGirder = new Set([
  'Home',
  'Data',
  'Workspace',
  'Workspaces',
  'Public',
  'Private',
  'Tale',
  'Tales',
  'User',
  'Admin',
])

/** of one run of letters, digits, dots and hyphens */
const mostPieces = 41

const longestName = 120
const wordEnd = /(?<=[\p{L}\p{N}])(?![\p{L}\p{N}])/gu

/** What stands where a word could: a login, an e-mail address, a file name with a login in it. */
const word = /[\p{L}\p{N}_.@+'’-]+/gu

/**
 * The pseudonyms of the users of one instance. Each is made of the user's id and a key, so that it is the same wherever the user
 * is named, and on every run with that key; without it nobody can tell whose it is. Holds the names of all users in memory.
 */
export class Pseudonyms {
  readonly #key: Buffer
  /** of somebody who is left as he is */
  readonly #kept: string
  /** login or e-mail in small letters → pseudonym */
  readonly #words = new Map<string, string>()
  readonly #emails = new Map<string, string>()
  /** as they are written, full ones and last names of several words */
  readonly #names = new Map<string, string>()
  readonly #firstWords = new Set<string>()
  /** in one word, as it is written */
  readonly #lastNames = new Map<string, string>()
  readonly #people = new Map<string, Person>()
  #count = 0

  constructor(key: Buffer, keptLogin: string) {
    this.#key = key
    this.#kept = keptLogin
  }

  /** users that got one */
  get count(): number {
    return this.#count
  }

  /** Takes a document of the collection `user` into account. */
  learn(user: Uint8Array): void {
    const login = textOf(user, 'login') ?? ''
    if (login === this.#kept) return
    const person = this.ofUser(user)
    this.#count++
    const email = textOf(user, 'email') ?? ''
    const [first, last] = [textOf(user, 'firstName') ?? '', textOf(user, 'lastName') ?? '']
    if (login !== '' && login !== person.login) this.#words.set(login.toLowerCase(), person.login)
    if (email !== '' && email !== person.email) this.#emails.set(email.toLowerCase(), person.email)
    this.#people.set(`${first}\0${last}`, person)
    if (first === '' || last === '' || first === pseudonymFirstName) return
    this.#learnName(`${first} ${last}`, `${person.firstName} ${person.lastName}`)
    this.#learnName(`${last}, ${first}`, `${person.lastName}, ${person.firstName}`)
    if (namesOfGirder.has(last) || last.length < 2) return
    this.#lastNames.set(last, person.lastName)
    if (/[^\p{L}]/u.test(last)) this.#learnName(last, person.lastName)
  }

  ofUser(user: Uint8Array): Person {
    const id = elementsOf(user).find(({ name }) => name === '_id')
    const code = this.code('user', id?.value ?? Buffer.alloc(0))
    const login = `user-${code}`
    return { login, email: `${login}@example.invalid`, firstName: pseudonymFirstName, lastName: code.toUpperCase() }
  }

  isKept(user: Uint8Array): boolean {
    return textOf(user, 'login') === this.#kept
  }

  /** Of somebody who is named, as an author is; null: a pseudonym already. */
  ofPerson(firstName: string, lastName: string): Person | null {
    const known = this.#people.get(`${firstName}\0${lastName}`)
    if (known) return known
    if (firstName === pseudonymFirstName && /^[0-9A-F]{16}$/.test(lastName)) return null
    const code = this.code('person', Buffer.from(`${firstName}\0${lastName}`))
    const login = `user-${code}`
    return { login, email: `${login}@example.invalid`, firstName: pseudonymFirstName, lastName: code.toUpperCase() }
  }

  /** 16 hexadecimal digits that are the same for the same input, and tell nothing of it. */
  code(kind: string, input: Uint8Array): string {
    return createHmac('sha256', this.#key).update(`${kind}\0`).update(input).digest('hex').slice(0, 16)
  }

  /** Of a path also the letter above a home, which is the first of its login. */
  inPath(path: string): string {
    const names = path.split('/')
    return names
      .map((name, index) => {
        const next = names[index + 1]
        const login = next && name === next[0] ? this.#words.get(next) : undefined
        return login?.[0] ?? this.inText(name, { logins: true })
      })
      .join('/')
  }

  /** E-mail addresses, full names and, where that is wanted, logins and last names that stand as words in a text. First names alone stay. */
  inText(text: string, { logins }: { logins: boolean }): string {
    let after = ''
    let done = 0
    for (const { 0: found, index } of text.matchAll(word)) {
      if (index < done) continue
      const name = this.#nameAt(text, index)
      after += text.slice(done, index) + (name?.pseudonym ?? this.#replaceWord(found, logins))
      done = index + (name?.name.length ?? found.length)
    }
    return done === 0 ? text : after + text.slice(done)
  }

  #replaceWord(found: string, logins: boolean): string {
    const pieces = found.split(/([._@+'’-]+)/u)
    let after = ''
    let next = 0
    while (next < pieces.length) {
      // the longest first: an address before the login in it, `ada.b` before `ada`
      let end = Math.min(pieces.length, next + mostPieces)
      while (end > next && this.#known(pieces.slice(next, end).join(''), logins) === undefined) end--
      const known = end > next ? this.#known(pieces.slice(next, end).join(''), logins) : undefined
      after += known ?? pieces[next]
      next = known === undefined ? next + 1 : end
    }
    return after
  }

  #known(text: string, logins: boolean): string | undefined {
    const email = this.#emails.get(text.toLowerCase())
    if (email !== undefined || !logins) return email
    return this.#words.get(text.toLowerCase()) ?? this.#lastNames.get(text)
  }

  /** The longest name that stands there: a full one before a last name alone. */
  #nameAt(text: string, index: number): { name: string; pseudonym: string } | undefined {
    const rest = text.slice(index, index + longestName)
    if (!this.#firstWords.has(firstWord(rest))) return undefined
    let longest: { name: string; pseudonym: string } | undefined
    // a name ends where a word ends
    for (const { index: end } of rest.matchAll(wordEnd)) {
      const pseudonym = this.#names.get(rest.slice(0, end))
      if (pseudonym !== undefined) longest = { name: rest.slice(0, end), pseudonym }
    }
    return longest
  }

  #learnName(written: string, pseudonym: string): void {
    const name = written.replace(/[^\p{L}\p{N}]+$/u, '') // `Jr.`
    this.#firstWords.add(firstWord(name))
    if (!this.#names.has(name)) this.#names.set(name, pseudonym)
  }
}

/** Letters alone: what follows them may be a comma or a space. */
function firstWord(text: string): string {
  return /^[\p{L}\p{N}]+/u.exec(text)?.[0] ?? ''
}
