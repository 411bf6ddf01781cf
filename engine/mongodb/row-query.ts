/** A small question to one collection: some fields of some documents, as plain values. */
export type RowQuery = {
  database: string
  collection: string
  /** JSON, for there is a shell that asks it */
  filter: Record<string, unknown>
  /** at the top of a document; each row has its values in this order, what is no plain value as text */
  fields: string[]
  limit: number
}

export type Row = (string | number | boolean | null)[]
