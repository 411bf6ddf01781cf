/**
 * CRC-64/XZ, the checksum of each namespace in a mongodump archive (Go's crc64 with the ECMA table): reflected polynomial
 * 0xC96C5795D7870F42, start and final inversion. 64 bits are kept as two 32-bit halves and eight bytes are taken at a time
 * ("slicing by 8"), since BigInt per byte is a hundred times slower.
 */
const polynomialHigh = 0xc96c5795
const polynomialLow = 0xd7870f42
const slices = 8

/** `high[k * 256 + b]`: effect of byte b followed by k zero bytes */
const high = new Uint32Array(slices * 256)
const low = new Uint32Array(slices * 256)
fillTables()

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let h = 0
    let l = byte
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1
      l = ((l >>> 1) | (h << 31)) >>> 0
      h >>>= 1
      if (odd) {
        l = (l ^ polynomialLow) >>> 0
        h = (h ^ polynomialHigh) >>> 0
      }
    }
    high[byte] = h
    low[byte] = l
  }
  for (let index = 256; index < slices * 256; index++) {
    const h = at(high, index - 256)
    const l = at(low, index - 256)
    low[index] = ((l >>> 8) | (h << 24)) ^ at(low, l & 0xff)
    high[index] = (h >>> 8) ^ at(high, l & 0xff)
  }
}

/** Indexes here are always inside the tables and the chunk. */
function at(table: Uint32Array | Uint8Array, index: number): number {
  return table[index] as number
}

export class Crc64 {
  #high = 0xffffffff | 0
  #low = 0xffffffff | 0

  update(bytes: Uint8Array): void {
    let h = this.#high
    let l = this.#low
    let position = 0
    const end = bytes.length
    for (; position + 8 <= end; position += 8) {
      const b0 = (l ^ at(bytes, position)) & 0xff
      const b1 = ((l >>> 8) ^ at(bytes, position + 1)) & 0xff
      const b2 = ((l >>> 16) ^ at(bytes, position + 2)) & 0xff
      const b3 = (l >>> 24) ^ at(bytes, position + 3)
      const b4 = (h ^ at(bytes, position + 4)) & 0xff
      const b5 = ((h >>> 8) ^ at(bytes, position + 5)) & 0xff
      const b6 = ((h >>> 16) ^ at(bytes, position + 6)) & 0xff
      const b7 = (h >>> 24) ^ at(bytes, position + 7)
      l =
        at(low, 1792 + b0) ^
        at(low, 1536 + b1) ^
        at(low, 1280 + b2) ^
        at(low, 1024 + b3) ^
        at(low, 768 + b4) ^
        at(low, 512 + b5) ^
        at(low, 256 + b6) ^
        at(low, b7)
      h =
        at(high, 1792 + b0) ^
        at(high, 1536 + b1) ^
        at(high, 1280 + b2) ^
        at(high, 1024 + b3) ^
        at(high, 768 + b4) ^
        at(high, 512 + b5) ^
        at(high, 256 + b6) ^
        at(high, b7)
    }
    for (; position < end; position++) {
      const index = (l ^ at(bytes, position)) & 0xff
      l = ((l >>> 8) | (h << 24)) ^ at(low, index)
      h = (h >>> 8) ^ at(high, index)
    }
    this.#high = h
    this.#low = l
  }

  /** As an unsigned number below 2^64; more bytes may follow. */
  digest(): bigint {
    return (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)
  }

  /** 16 hexadecimal digits */
  hex(): string {
    return this.digest().toString(16).padStart(16, '0')
  }
}
