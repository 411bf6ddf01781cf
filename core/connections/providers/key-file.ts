import type { z } from 'zod'
import { Problem } from '@/protocol/problem'

/** A key file of JSON. What is wrong is told by the names of its fields, never by what they hold. Throws Problem `invalid-key-file`. */
export function parseKeyFile<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalidKeyFile('It is not JSON.')
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole'))].slice(0, 5)
  throw invalidKeyFile(`Missing or not as expected: ${names.join(', ')}.`)
}

export function invalidKeyFile(why: string): Problem {
  return new Problem({
    code: 'invalid-key-file',
    text: `This is not a key file as the provider makes it. ${why}`,
    action: 'Paste the whole content of the file, from the first brace to the last.',
    where: 'key',
  })
}
