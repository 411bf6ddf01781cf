import { deserialize, serialize } from 'bson'
import { elementsOf, type RawElement } from '@/engine/mongodb/extended-json'

/** BSON types that are looked into or made here: see bsonspec.org. */
const types = { string: 2, document: 3, array: 4, boolean: 8, null: 10 } as const

/** A document of these elements, each as it was: nothing that is not touched can change on the way. */
export function documentOf(elements: RawElement[]): Uint8Array {
  const names = elements.map(({ name }) => Buffer.from(name, 'utf8'))
  let length = 5
  for (const [index, { value }] of elements.entries()) length += 2 + (names[index]?.length ?? 0) + value.length
  const bytes = Buffer.alloc(length)
  bytes.writeInt32LE(length, 0)
  let position = 4
  for (const [index, { type, value }] of elements.entries()) {
    bytes[position++] = type
    position += names[index]?.copy(bytes, position) ?? 0
    bytes[position++] = 0
    bytes.set(value, position)
    position += value.length
  }
  return bytes
}

export function textElement(name: string, text: string): RawElement {
  return elementOf(name, text)
}

/** Of any value that BSON has. */
export function elementOf(name: string, value: unknown): RawElement {
  const [element] = elementsOf(serialize(new Map([[name, value]])))
  if (!element) throw new Error('BSON has no such value')
  return element
}

/** null: it is not there, or no text */
export function textOf(document: Uint8Array, name: string): string | null {
  const element = elementsOf(document).find((one) => one.name === name)
  return element ? readText(element) : null
}

export function readText({ type, value }: RawElement): string | null {
  return type === types.string ? Buffer.from(value.subarray(4, value.length - 1)).toString('utf8') : null
}

/** A field's value as JavaScript has it; undefined: it is not there. */
export function fieldValue(document: Uint8Array, name: string): unknown {
  const element = elementsOf(document).find((one) => one.name === name)
  return element && deserialize(documentOf([element]))[name]
}

/** The document with this field in the place of the one of its name, or at its end. The same one when nothing changes. */
export function withField(document: Uint8Array, field: RawElement): Uint8Array {
  const elements = elementsOf(document)
  const index = elements.findIndex(({ name }) => name === field.name)
  if (index === -1) return documentOf([...elements, field])
  const before = elements[index]
  if (before && before.type === field.type && Buffer.compare(before.value, field.value) === 0) return document
  return documentOf(elements.map((element, at) => (at === index ? field : element)))
}

/** The same one when it has no such field. */
export function withoutField(document: Uint8Array, name: string): Uint8Array {
  const elements = elementsOf(document)
  const kept = elements.filter((element) => element.name !== name)
  return kept.length === elements.length ? document : documentOf(kept)
}

/** Changes the elements of a document and of all that lie in it, the innermost first; the same one when nothing changes. */
export function mapElements(
  document: Uint8Array,
  change: (element: RawElement, siblings: RawElement[]) => RawElement,
): Uint8Array {
  const elements = elementsOf(document)
  let isSame = true
  const changed = elements.map((element) => {
    const holdsMore = element.type === types.document || element.type === types.array
    const value = holdsMore ? mapElements(element.value, change) : element.value
    const after = change(value === element.value ? element : { ...element, value }, elements)
    if (after !== element) isSame = false
    return after
  })
  return isSame ? document : documentOf(changed)
}
