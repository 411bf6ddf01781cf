import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentDigest } from './document-digest'

function digestOf(documents: Uint8Array[]): string {
  const digest = new DocumentDigest()
  for (const document of documents) digest.add(document)
  return digest.hex()
}

test('is the sum modulo 2^256 of the SHA-256 of each document', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 50 }), (documents) => {
      let sum = 0n
      for (const document of documents) sum += BigInt(`0x${createHash('sha256').update(document).digest('hex')}`)
      expect(digestOf(documents)).toBe((sum % 2n ** 256n).toString(16).padStart(64, '0'))
    }),
  )
})

test('is the same whatever the order, and another when a document is there twice', () => {
  const documents = ['a', 'b', 'c'].map((text) => Buffer.from(text))
  expect(digestOf([...documents].reverse())).toBe(digestOf(documents))
  expect(digestOf([...documents, ...documents.slice(0, 1)])).not.toBe(digestOf(documents))
})
