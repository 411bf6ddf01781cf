import { deserialize, EJSON } from 'bson'

/**
 * Raw BSON to canonical Extended JSON text and back, with the order of fields kept. JavaScript objects would put integer-like
 * keys first, and the order of fields matters: in the keys of an index, in a collation, in a view's pipeline.
 */
const documentType = 3
const arrayType = 4

/** A whole raw BSON document as canonical Extended JSON. */
export function rawToExtendedJson(document: Uint8Array): string {
  const members = elementsOf(document).map(
    ({ name, type, value }) => `${JSON.stringify(name)}:${valueToJson(type, value)}`,
  )
  return `{${members.join(',')}}`
}

/** The raw value of a field that holds a document or an array; null when it is not there. */
export function rawField(document: Uint8Array, name: string): Uint8Array | null {
  const found = elementsOf(document).find((element) => element.name === name)
  return found && (found.type === documentType || found.type === arrayType) ? found.value : null
}

function valueToJson(type: number, value: Uint8Array): string {
  if (type === documentType) return rawToExtendedJson(value)
  if (type === arrayType)
    return `[${elementsOf(value)
      .map((element) => valueToJson(element.type, element.value))
      .join(',')}]`
  return EJSON.stringify(deserialize(wrap(type, value), { promoteValues: false, bsonRegExp: true }).v, {
    relaxed: false,
  })
}

/** A document with the one field `v`. */
function wrap(type: number, value: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4 + 3 + value.length + 1)
  bytes.writeInt32LE(bytes.length, 0)
  bytes[4] = type
  bytes.write('v\0', 5, 'latin1')
  bytes.set(value, 7)
  return bytes
}

/** A field of a raw document: its BSON type, and its value as it stands there. */
export type RawElement = { name: string; type: number; value: Uint8Array }

/** The fields of a raw document or array, in their order. */
export function elementsOf(document: Uint8Array): RawElement[] {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.length)
  const found: RawElement[] = []
  let position = 4
  while (position < bytes.length - 1) {
    const type = bytes.readUInt8(position)
    const nameEnd = bytes.indexOf(0, position + 1)
    const start = nameEnd + 1
    const end = start + valueLength(bytes, type, start)
    if (nameEnd < 0 || end > bytes.length - 1) throw new Error('a BSON document is cut')
    found.push({ name: bytes.toString('utf8', position + 1, nameEnd), type, value: bytes.subarray(start, end) })
    position = end
  }
  return found
}

/** Bytes of each type whose length never changes: see bsonspec.org. */
const fixedLengths: Record<number, number> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
}

function valueLength(bytes: Buffer, type: number, start: number): number {
  const fixed = fixedLengths[type]
  if (fixed !== undefined) return fixed
  switch (type) {
    case documentType:
    case arrayType:
    case 15: // code with scope
      return bytes.readInt32LE(start)
    case 2: // string
    case 13: // code
    case 14: // symbol
      return 4 + bytes.readInt32LE(start)
    case 5: // binary
      return 5 + bytes.readInt32LE(start)
    case 11: // regular expression: two strings that end with NUL
      return bytes.indexOf(0, bytes.indexOf(0, start) + 1) + 1 - start
    case 12: // pointer: string and id
      return 4 + bytes.readInt32LE(start) + 12
    default:
      throw new Error(`BSON has no type ${type}`)
  }
}

const jsonKey = /"(?:[^"\\]|\\.)*"(?=\s*(:)?)/g

/**
 * Extended JSON text (canonical or, as older tools wrote, relaxed) to a value for `serialize`: documents are Maps, which keep
 * their order. Throws a SyntaxError for what is no JSON.
 */
export function parseExtendedJson(text: string): unknown {
  // a mark before each key keeps integer-like keys where they stand
  const marked = text.replace(jsonKey, (string, colon) => (colon ? `"=${string.slice(1)}` : string))
  return restore(JSON.parse(marked))
}

function restore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restore)
  if (typeof value === 'number') return EJSON.deserialize({ v: value }, { relaxed: false }).v
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key.slice(1), member] as const)
  if (isScalar(members.map(([key]) => key)))
    return EJSON.deserialize(toPlain(value) as Record<string, unknown>, { relaxed: false })
  return new Map(members.map(([key, member]) => [key, restore(member)]))
}

const scalarKeys = new Set(
  '$numberInt $numberLong $numberDouble $numberDecimal $oid $date $binary $timestamp $regularExpression $symbol $code $minKey $maxKey $undefined $dbPointer $uuid'.split(
    ' ',
  ),
)

function isScalar(keys: string[]): boolean {
  const [first = '', second] = keys
  return scalarKeys.has(first) && (keys.length === 1 || (first === '$code' && second === '$scope' && keys.length === 2))
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.slice(1), toPlain(member)]))
}
