import { isUniqueViolation } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Names of channels are unique, as messages and incidents call them by it. Throws Problem `name-taken`. */
export async function withFreeName<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'name-taken',
      text: `There is already a channel “${name}”.`,
      action: 'Choose another name.',
      where: 'name',
    })
  }
}
