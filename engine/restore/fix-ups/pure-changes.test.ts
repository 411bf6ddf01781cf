import { deserialize, ObjectId, serialize } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { movePath } from './path-prefix'
import { pseudonymise } from './pseudonymise'
import { Pseudonyms } from './pseudonyms'
import { documentOf, mapElements } from './raw-document'
import { elementsOf } from '@/engine/mongodb/extended-json'

const segment = fc.stringMatching(/^[A-Za-z0-9._-]{1,8}$/).filter((name) => name !== '.' && name !== '..')
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`)

// Promise: whole names are exchanged, and what comes after them stays.
it('a moved path has the new root and the same rest, and one that is not below the old root is the same', async () => {
  await fc.assert(
    fc.asyncProperty(path, path, path, fc.boolean(), async (from, to, rest, isBelow) => {
      if (isBelow) expect(movePath(from + rest, [{ from, to }])).toBe(to + rest)
      else {
        const isMoved = rest === from || rest.startsWith(`${from}/`)
        expect(movePath(rest, [{ from, to }])).toBe(isMoved ? to + rest.slice(from.length) : rest)
        expect(movePath(from + rest.slice(1), [{ from, to }])).toBe(from + rest.slice(1))
      }
    }),
  )
})

// Promise: nothing changes but what is meant to: neither the order of fields nor their types.
it('a document that is taken apart and put together is the same bytes', async () => {
  const value = fc.anything({
    key: fc.stringMatching(/^[a-z0-9]{1,5}$/),
    maxDepth: 3,
    withBigInt: false,
    withDate: true,
  })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,5}$/), value, { maxKeys: 6 }), async (object) => {
      const document = serialize(object, { ignoreUndefined: true })
      expect(Buffer.from(documentOf(elementsOf(document))).equals(document)).toBe(true)
      expect(mapElements(document, (element) => element)).toBe(document)
    }),
  )
})

const login = fc
  .stringMatching(/^[a-z][a-z0-9_.-]{4,12}$/)
  .filter((text) => /[a-z0-9]$/.test(text) && text !== 'keptadmin')
const letters = fc.constantFrom('Ada', 'Zoë', 'Čeněk', '小明', 'Jean-Luc', "D'Arcy")
const people = fc.uniqueArray(fc.record({ login, first: letters, last: fc.stringMatching(/^[A-Z][a-z]{6,12}$/) }), {
  selector: (person) => person.login,
  minLength: 1,
  maxLength: 8,
})

// Promise: a person has one pseudonym wherever she is named, and it is not changed again.
it('wherever a user is named stands the same pseudonym, for the same key; another key gives another', async () => {
  await fc.assert(
    fc.asyncProperty(people, fc.uint8Array({ minLength: 32, maxLength: 32 }), async (all, key) => {
      const users = all.map((person) =>
        serialize({
          ...{ _id: new ObjectId(), login: person.login, email: `${person.login}@uni.example` },
          ...{ firstName: person.first, lastName: `${person.last}-${person.login.slice(0, 3)}` },
        }),
      )
      const pseudonyms = new Pseudonyms(Buffer.from(key), 'keptadmin')
      const others = new Pseudonyms(Buffer.from(key.map((byte) => byte ^ 1)), 'keptadmin')
      for (const user of users) pseudonyms.learn(user)
      for (const user of users) {
        const { login: before, email } = deserialize(user) as { login: string; email: string }
        const person = pseudonyms.ofUser(user)
        expect(others.ofUser(user).login).not.toBe(person.login)
        const text = serialize({ a: before, b: [`by ${email}.`, { fsPath: `/h/${before[0]}/${before}/x` }] })
        const once = pseudonymise(pseudonyms)(text)
        expect(deserialize(once)).toEqual({
          a: person.login,
          b: [`by ${person.email}.`, { fsPath: `/h/u/${person.login}/x` }],
        })
        expect(pseudonymise(pseudonyms)(once)).toBe(once)
      }
    }),
  )
})
