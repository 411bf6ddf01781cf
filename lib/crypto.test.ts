import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSignedBy, makeSigningKey, seal, signBytes, unseal } from './crypto'

const key = randomBytes(32)
const place = { table: 'Remote', row: 'a', field: 'secrets' }

describe('sealed secrets', () => {
  it('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => unseal(seal(plain, place, key), place, key) === plain),
    )
  })

  it('cannot be moved to another row, field or table: a copied value is useless', () => {
    const sealed = seal('secret', place, key)
    for (const elsewhere of [
      { ...place, row: 'b' },
      { ...place, field: 'options' },
      { ...place, table: 'Source' },
    ])
      expect(() => unseal(sealed, elsewhere, key)).toThrow()
  })

  it('cannot be altered in any character, nor cut, whatever the nonce', () => {
    for (let round = 0; round < 20; round++) {
      const sealed = seal('secret', place, key)
      for (let i = 0; i < sealed.length; i++) {
        const altered = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1)
        expect(() => unseal(altered, place, key), `character ${i}`).toThrow()
      }
      const [version, id, nonce, tag = '', ciphertext] = sealed.split('.')
      const shortTag = Buffer.from(tag, 'base64url').subarray(0, 8).toString('base64url')
      expect(() => unseal([version, id, nonce, shortTag, ciphertext].join('.'), place, key)).toThrow()
    }
  })

  it('say which key is missing when the sealing key was replaced', () => {
    expect(() => unseal(seal('secret', place, key), place, randomBytes(32))).toThrow(/sealed with another key/)
  })

  it('differ each time, so that equal secrets cannot be told', () => {
    expect(seal('secret', place, key)).not.toBe(seal('secret', place, key))
  })
})

describe('manifest signatures', () => {
  it('hold for the signed bytes and this key only', () => {
    const [ours, other] = [makeSigningKey(), makeSigningKey()]
    const bytes = Buffer.from('{"format":1}')
    const signature = signBytes(bytes, ours.privateKey)
    expect(isSignedBy(bytes, signature, ours.publicKey)).toBe(true)
    expect(isSignedBy(bytes, signature, other.publicKey)).toBe(false)
    expect(isSignedBy(Buffer.from('{"format":2}'), signature, ours.publicKey)).toBe(false)
    expect(isSignedBy(bytes, 'rubbish', ours.publicKey)).toBe(false)
    expect(isSignedBy(bytes, signature, 'rubbish')).toBe(false)
  })
})
