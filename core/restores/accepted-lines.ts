import { Problem } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'

/**
 * The names of a check's amber lines, once nothing is red and every one of them was ticked. Throws Problem `check-red`,
 * `check-not-accepted`. Pure.
 */
export function acceptedLines(lines: CheckLine[], ticked: string[]): string[] {
  const red = lines.find(({ level }) => level === 'red')
  if (red)
    throw new Problem({
      code: 'check-red',
      text: `The check found what stops this restore: ${red.text}`.slice(0, 2000),
      action: red.action ?? 'Do something about it, then try again.',
    })
  const amber = lines.filter(({ level }) => level === 'amber')
  const open = amber.find(({ name }) => !ticked.includes(name))
  if (open)
    throw new Problem({
      code: 'check-not-accepted',
      text: `You have not ticked: ${open.text}`.slice(0, 2000),
      action: 'Tick what you accept, or change what is restored or where to.',
      where: 'accepted',
    })
  return amber.map(({ name }) => name)
}
