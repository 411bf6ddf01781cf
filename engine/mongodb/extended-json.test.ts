import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, EJSON, serialize } from 'bson'
import { expect, test } from 'vitest'
import { parseExtendedJson, rawField, rawToExtendedJson } from './extended-json'

test('keeps the order of fields both ways, integer-like keys too', () => {
  const raw = serialize(
    new Map<string, unknown>([
      ['b', 1],
      ['2', -1],
      [
        '1',
        new Map([
          ['9', 'x'],
          ['3', 'y'],
        ]),
      ],
    ]),
  )
  const text = rawToExtendedJson(raw)
  expect(text).toBe('{"b":{"$numberInt":"1"},"2":{"$numberInt":"-1"},"1":{"9":"x","3":"y"}}')
  expect(Buffer.from(serialize(parseExtendedJson(text) as Map<string, unknown>))).toEqual(Buffer.from(raw))
})

test('knows every BSON type', () => {
  const all = readFileSync(join(import.meta.dirname, 'fixtures', 'all_types.bson'))
  for (let start = 0; start < all.length; ) {
    const raw = all.subarray(start, start + all.readInt32LE(start))
    const expected = EJSON.parse(
      EJSON.stringify(deserialize(raw, { promoteValues: false, bsonRegExp: true }), { relaxed: false }),
    )
    expect(EJSON.parse(rawToExtendedJson(raw))).toEqual(expected)
    start += raw.length
  }
})

test('strings may look like keys, and keys like operators', () => {
  const text = '{"a":"\\"x\\": 1","$jsonSchema":{"required":["k"]},"c":[1,2.5,{"$date":{"$numberLong":"0"}}]}'
  const raw = serialize(parseExtendedJson(text) as Map<string, unknown>)
  expect(deserialize(raw)).toEqual({ a: '"x": 1', $jsonSchema: { required: ['k'] }, c: [1, 2.5, new Date(0)] })
})

test('finds a field of a raw document', () => {
  const raw = serialize({ a: 1, options: { capped: true } })
  expect(deserialize(rawField(raw, 'options') ?? Buffer.alloc(0))).toEqual({ capped: true })
  expect(rawField(raw, 'a')).toBeNull()
})
