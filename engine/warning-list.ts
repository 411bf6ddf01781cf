import type { Warning } from '@/protocol/events'
import type { RunContext } from './context'

/** So many are named in the manifest, and reported; beyond that they are only counted. */
const [mostNamed, mostReported] = [1000, 10_000]

/** The warnings of a run: the first are named, all are counted. */
export class WarningList {
  readonly named: Warning[] = []
  count = 0

  constructor(private readonly context: Pick<RunContext, 'report'>) {}

  add(warning: Warning): void {
    this.count++
    if (this.count > mostReported) return
    const bounded = { ...warning, text: warning.text.slice(0, 2000), where: warning.where?.slice(0, 4096) }
    const { where, ...rest } = bounded
    const kept = where === undefined ? rest : { ...rest, where }
    if (this.named.length < mostNamed) this.named.push(kept)
    this.context.report({ type: 'warning', ...kept })
  }

  /** Counts warnings that were seen but not handed over. */
  addUnnamed(count: number): void {
    this.count += count
  }
}
