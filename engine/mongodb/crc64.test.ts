import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Crc64 } from './crc64'

function crcOf(...chunks: Uint8Array[]): bigint {
  const crc = new Crc64()
  for (const chunk of chunks) crc.update(chunk)
  return crc.digest()
}

test('gives the published check value of CRC-64/XZ, and zero for nothing', () => {
  expect(crcOf(Buffer.from('123456789'))).toBe(0x995dc9bbdf1939fan)
  expect(crcOf()).toBe(0n)
})

test('does not depend on how the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      expect(crcOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(crcOf(bytes))
    }),
  )
})

test('agrees with the bit by bit definition', () => {
  const bytes = randomBytes(1000)
  let crc = 0xffffffffffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n
  }
  expect(crcOf(bytes)).toBe(crc ^ 0xffffffffffffffffn)
})
