import { toProblemFacts } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'

/** What a look found: `green` where only a text is given. */
export type Finding = string | { level: CheckLine['level']; text: string; action: string | null }

/** Collects what was looked at. A Problem that a look throws is a red line, and the others go on. */
export class CheckLines {
  readonly list: CheckLine[] = []

  constructor(private readonly signal: AbortSignal) {}

  /** What the look has found besides; null when it threw. */
  async look<T>(name: string, look: () => Promise<{ finding: Finding; value: T }>): Promise<T | null> {
    try {
      const { finding, value } = await look()
      this.list.push({ name, ...toLine(finding) })
      return value
    } catch (error) {
      this.signal.throwIfAborted()
      const { text, action, where } = toProblemFacts(error)
      this.list.push({
        name,
        level: 'red',
        text: where ? `${text} (${where})`.slice(0, 2000) : text,
        action: action ?? null,
      })
      return null
    }
  }

  /** A look that finds nothing but its words. */
  async lookAt(name: string, look: () => Promise<Finding>): Promise<void> {
    await this.look(name, async () => ({ finding: await look(), value: true }))
  }
}

function toLine(finding: Finding): Omit<CheckLine, 'name'> {
  return typeof finding === 'string' ? { level: 'green', text: finding, action: null } : finding
}
