import { z } from 'zod'

/** One line of `files.index.jsonl`: a member of the tar, in tar order. Either `path` (UTF-8) or `pathBase64` (any bytes) is there. */
export const indexEntrySchema = z.object({
  path: z.string().optional(),
  pathBase64: z.string().optional(),
  type: z.enum(['file', 'directory', 'symlink', 'hardlink', 'fifo', 'character-device', 'block-device']),
  /** logical size: of a sparse file with its holes */
  size: z.int().min(0),
  /** seconds since 1970, with up to nine decimals, as text so that nothing is rounded */
  mtime: z.string().regex(/^-?\d+(?:\.\d{1,9})?$/),
  mode: z.int().min(0).max(0o7777),
  uid: z.int().min(0),
  gid: z.int().min(0),
  /** of a symlink verbatim; of a hard link the first member's name */
  link: z.string().optional(),
  linkBase64: z.string().optional(),
  /** XXH3-128 of the logical content, 32 hexadecimal digits; files only */
  xxh128: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** part that holds the first byte of the member's header, and its raw offset within that part; a hard link names its first name's */
  part: z.int().min(0),
  offset: z.int().min(0),
})
export type IndexEntry = z.infer<typeof indexEntrySchema>

/** The raw bytes of an entry's path, without a leading slash. */
export function pathOf(entry: IndexEntry): Buffer {
  return entry.pathBase64 === undefined ? Buffer.from(entry.path ?? '') : Buffer.from(entry.pathBase64, 'base64')
}

/** The raw bytes of what a link points to. */
export function linkTargetOf(entry: IndexEntry): Buffer {
  return entry.linkBase64 === undefined ? Buffer.from(entry.link ?? '') : Buffer.from(entry.linkBase64, 'base64')
}
