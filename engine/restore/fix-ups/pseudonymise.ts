import { elementsOf, type RawElement } from '@/engine/mongodb/extended-json'
import type { PlannedFixUp } from './planned-fix-up'
import type { Pseudonyms } from './pseudonyms'
import { elementOf, mapElements, readText, textElement, textOf, withField, withoutField } from './raw-document'

/** Collections of secrets that let a user in: emptied with pseudonyms, whatever else is chosen. */
export const secretCollections = ['token', 'password'] as const

/** What Girder reads as one of its own words, and no login may be looked for in. */
const ownWords = new Set([
  ...['type', 'status', 'mimeType', 'parentCollection', 'baseParentType', 'category', 'hashAlg', 'provider'],
  ...['handler', 'format', 'sha512', 'uuid'],
])

/** Settings and addresses hold words of programs; only e-mail addresses and full names are looked for there. */
const ofPrograms = ['setting', 'assetstore', 'image']

/** Puts pseudonyms into the documents of all collections: first those of the users themselves. */
export function pseudonymise(pseudonyms: Pseudonyms, isOfPrograms = false): (document: Uint8Array) => Uint8Array {
  return (document) => mapElements(document, (element, siblings) => change(element, siblings, pseudonyms, isOfPrograms))
}

export function planPseudonyms(pseudonyms: Pseudonyms): PlannedFixUp[] {
  const facts = { before: null, after: null }
  return [
    {
      result: { name: 'pseudonyms of users', changed: 0, ...facts },
      concerns: (collection) => collection === 'user',
      change: (document) => pseudonymiseUser(document, pseudonyms),
    },
    {
      result: { name: 'pseudonyms of keys', changed: 0, ...facts },
      concerns: (collection) => collection === 'api_key',
      change: (document) => pseudonymiseKey(document, pseudonyms),
    },
    {
      result: { name: 'pseudonyms in documents', changed: 0, ...facts },
      concerns: (collection) => collection !== 'user' && !ofPrograms.includes(collection),
      change: pseudonymise(pseudonyms),
    },
    {
      result: { name: 'pseudonyms in settings', changed: 0, ...facts },
      concerns: (collection) => ofPrograms.includes(collection),
      change: pseudonymise(pseudonyms, true),
    },
  ]
}

/** No password, no other way in, no second factor; the id, and with it all that belongs to the user, stays. */
function pseudonymiseUser(user: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  if (pseudonyms.isKept(user)) return user
  let document = user
  for (const [field, text] of Object.entries(pseudonyms.ofUser(user)))
    if (textOf(document, field) !== null) document = withField(document, textElement(field, text))
  const fields = new Map(elementsOf(document).map((element) => [element.name, element]))
  if (fields.has('salt')) document = withField(document, elementOf('salt', null))
  if (fields.has('otherTokens')) document = withField(document, elementOf('otherTokens', []))
  document = withoutField(document, 'otp')
  const oauth = fields.get('oauth')
  if (oauth) document = withField(document, { ...oauth, value: withoutIdentities(oauth, document, pseudonyms) })
  return pseudonymise(pseudonyms)(document)
}

/** One `{provider, id}`, or a list of them. */
function withoutIdentities(oauth: RawElement, user: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  const owner = elementsOf(user).find(({ name }) => name === '_id')?.value ?? Buffer.alloc(0)
  return mapElements(oauth.value, (element, siblings) => {
    if (element.name !== 'id') return element
    const provider = siblings.find(({ name }) => name === 'provider')
    return textElement('id', pseudonyms.code(`oauth ${provider ? readText(provider) : ''}`, owner))
  })
}

/** Ends its use: whoever holds the genuine one would come in by it. Keys of the administrator who is kept end too. */
function pseudonymiseKey(document: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  const id = elementsOf(document).find(({ name }) => name === '_id')?.value ?? Buffer.alloc(0)
  const ended = withField(document, elementOf('active', false))
  return withField(ended, textElement('key', `${pseudonyms.code('key', id)}${pseudonyms.code('key 2', id)}`))
}

function change(
  element: RawElement,
  siblings: RawElement[],
  pseudonyms: Pseudonyms,
  isOfPrograms: boolean,
): RawElement {
  const text = readText(element)
  if (text === null || text === '') return element
  const after = textAfter(element.name, text, siblings, pseudonyms, isOfPrograms)
  return after === text ? element : textElement(element.name, after)
}

function textAfter(
  field: string,
  text: string,
  siblings: RawElement[],
  pseudonyms: Pseudonyms,
  isOfPrograms: boolean,
): string {
  const named = personOf(siblings)
  if (named && (field === 'firstName' || field === 'lastName' || field === 'email' || field === 'orcid')) {
    const person = pseudonyms.ofPerson(named.firstName, named.lastName)
    if (!person) return text
    return field === 'orcid' ? '' : person[field]
  }
  if (field === 'fsPath') return pseudonyms.inPath(text)
  return pseudonyms.inText(text, { logins: !isOfPrograms && !ownWords.has(field) })
}

/** An author, a creator: whoever has a first and a last name. */
function personOf(siblings: RawElement[]): { firstName: string; lastName: string } | null {
  const read = (name: string) => {
    const element = siblings.find((one) => one.name === name)
    return element ? readText(element) : null
  }
  const [firstName, lastName] = [read('firstName'), read('lastName')]
  return firstName === null || lastName === null ? null : { firstName, lastName }
}
