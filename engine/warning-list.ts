import type { Warning } from '@/protocol/events'
import type { RunContext } from './context'

/** Named in the manifest and reported; beyond that only counted. */
const mostNamed = 1000

/** The warnings of a run: the first are named, all are counted. */
export class WarningList {
  readonly named: Warning[] = []
  count = 0

  constructor(private readonly context: Pick<RunContext, 'report'>) {}

  add(warning: Warning): void {
    this.count++
    if (this.named.length === mostNamed) return
    const bounded = { ...warning, text: warning.text.slice(0, 2000), where: warning.where?.slice(0, 4096) }
    const { where, ...rest } = bounded
    const kept = where === undefined ? rest : { ...rest, where }
    this.named.push(kept)
    this.context.report({ type: 'warning', ...kept })
  }

  /** Counts warnings that were seen but not handed over. */
  addUnnamed(count: number): void {
    this.count += count
  }
}
