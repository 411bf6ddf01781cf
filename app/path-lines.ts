import { z } from 'zod'
import { absolutePathSchema } from '@/protocol/names'

/** What a text area sends: one entry a line, blank lines dropped. */
export const lines = z
  .string()
  .transform((text) => text.split(/\r?\n/).map((line) => line.trim()))
  .transform((entries) => entries.filter((entry) => entry !== ''))

/** Folders of a host, one a line. */
export const pathLines = lines.pipe(z.array(absolutePathSchema).max(50, 'At most 50 folders.'))
