import { insertBatch } from '@/lib/mongo-driver'

/** Documents in groups that one insert takes, by number and by bytes; one that is larger than that stands alone. */
export function* batchesOf(documents: Uint8Array[]): Generator<Uint8Array[]> {
  let start = 0
  let bytes = 0
  for (const [index, document] of documents.entries()) {
    const isFull = index - start >= insertBatch.documents || bytes + document.length > insertBatch.bytes
    if (isFull && index > start) {
      yield documents.slice(start, index)
      start = index
      bytes = 0
    }
    bytes += document.length
  }
  if (start < documents.length) yield documents.slice(start)
}
