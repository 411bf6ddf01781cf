import type { EventBody, Progress } from '@/protocol/events'
import { print } from './print'

const progressEverySeconds = 5

/** Shows a run on the terminal: lines for people, or one JSON object a line for programs. */
export class RunPrinter {
  private lastProgress = performance.now()

  constructor(private readonly json: boolean) {}

  event(event: EventBody): void {
    const line = this.json ? JSON.stringify(event) : lineOf(event)
    if (line !== null) print(line)
  }

  progress(progress: Omit<Progress, 'at'>): void {
    const now = performance.now()
    if (now - this.lastProgress < progressEverySeconds * 1000) return
    this.lastProgress = now
    print(this.json ? JSON.stringify({ type: 'progress', ...progress }) : progressLine(progress))
  }
}

function progressLine({ subject, doneBytes, bytesPerSecond, uploadedBytes }: Omit<Progress, 'at'>): string {
  return `  ${subject}: ${inUnits(doneBytes)}, ${inUnits(bytesPerSecond)}/s, ${inUnits(uploadedBytes)} uploaded`
}

/** What people are told; parts and the debug log are too many. */
function lineOf(event: EventBody): string | null {
  switch (event.type) {
    case 'phase':
      return event.state === 'started' ? `${event.phase} …` : null
    case 'scratch':
    case 'folder':
      return `  folder: ${event.folder}`
    case 'artifact': {
      const count = event.documents === null ? `${event.entries ?? 0} entries` : `${event.documents} documents`
      return `  ${event.name}: ${count}, ${inUnits(event.rawBytes)} in ${event.parts} parts of ${inUnits(event.bytes)} together`
    }
    case 'warning':
      return `  warning: ${event.text}${event.where ? ` (${event.where})` : ''}`
    case 'log':
      return event.level === 'debug' ? null : `  ${event.text}`
    case 'summary':
      return `  total: ${inUnits(event.rawBytes)}, ${inUnits(event.bytes)} on the remote, ${event.warningCount} warnings`
    case 'comparison': {
      const { comparison: found } = event
      return [
        `  entries identical: ${found.entriesIdentical} of ${found.entriesExpected} (${inUnits(found.bytesCompared)} compared)`,
        `  namespaces identical: ${found.namespacesIdentical} of ${found.namespacesExpected} (${found.documentsCompared} documents)`,
        `  refused: ${found.refusedCount}, differences: ${found.differenceCount}`,
        ...found.refused.map(({ path, reason }) => `  refused: ${path}: ${reason}`),
        ...found.differences.map(({ where, text }) => `  different: ${where}: ${text}`),
      ].join('\n')
    }
    case 'fix-ups':
      return event.results.map(({ name, changed }) => `  fix-up: ${name}: ${changed} documents`).join('\n')
    case 'reconciliation': {
      const { checked, absentCount, strayCount } = event.reconciliation
      return `  named by documents: ${checked}, absent: ${absentCount}; homes without a document: ${strayCount}`
    }
    case 'fetched':
      return `  fetched: ${inUnits(event.bytes)} in ${event.files} files`
    case 'exchange': {
      const { state, paths, collections } = event.exchange
      return `  ${state}: ${paths} files or folders, ${collections} collections or views`
    }
    case 'finished':
      return event.state
    case 'part':
    case 'pruned':
    case 'judged':
    case 'stranger':
    case 'copied':
      return null
  }
}

function inUnits(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
