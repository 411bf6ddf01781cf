import { z } from 'zod'

/** Slug of an instance, worker, plan or source: fixed for life, part of paths on the remote. */
export const slugSchema = z
  .string()
  .min(1, 'Enter a slug.')
  .max(40, 'A slug has at most 40 characters.')
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'Use lower-case letters, digits and hyphens; start and end with a letter or digit.',
  )

/**
 * Free display name in any script, as NFC. Control characters would break logs, mails and terminals, and marks that turn the
 * direction of what follows would make a page lie. What joins letters and emoji (ZWNJ, ZWJ, tags) is part of their scripts.
 */
export const displayNameSchema = z
  .string()
  .trim()
  .transform((name) => name.normalize('NFC'))
  .pipe(
    z
      .string()
      .min(1, 'Enter a name.')
      .max(120, 'A name has at most 120 characters.')
      .refine(
        (name) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name.replace(/[\u200C-\u200F\u{E0020}-\u{E007F}]/gu, '')),
        'A name cannot contain control characters.',
      )
      .refine((name) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(name), 'Enter a name that can be seen.'),
  )

export const idSchema = z.uuid()

/** raw bytes of a path, in base64: names need not be text */
export const rawPathSchema = z.base64().max(8192)

export const environments = ['development', 'testing', 'production'] as const
export const environmentSchema = z.enum(environments)
export type Environment = z.infer<typeof environmentSchema>

/** An absolute, normalised POSIX path: no `..`, no `.`, no doubled or trailing slash (but `/` itself). */
export const absolutePathSchema = z
  .string()
  .max(4096, 'A path has at most 4096 characters.')
  .refine((path) => path.startsWith('/'), 'Enter an absolute path, starting with /.')
  .refine((path) => !path.includes('\0'), 'A path cannot contain a NUL character.')
  .refine(
    (path) =>
      path === '/' ||
      path
        .slice(1)
        .split('/')
        .every((segment) => segment !== '' && segment !== '.' && segment !== '..'),
    'A path cannot contain "..", "." or empty segments, nor end with a slash.',
  )

/** Databases that a restore made beside the genuine ones: their names begin so (core/restores/target.ts makes the prefix). */
export const scratchDatabasePattern = /^tk_[0-9a-f]{8}_/

/** Collections that a restore in place keeps beside the genuine ones (engine/restore/in-place/collection-names.ts names them). */
export const besideCollectionPattern = /__(?:tk|old|late\d*)_[0-9a-f]{8}$/

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'Not a SHA-256 in hexadecimal.')
