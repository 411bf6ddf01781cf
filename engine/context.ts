import type { EventBody, Progress } from '@/protocol/events'
import type { Contribution } from '@/protocol/manifest'
import type { Policy } from '@/protocol/policy'

/** What the surroundings give to a run: the worker process, or the worker's command line without a dashboard. */
export type RunContext = {
  policy: Policy
  /** parts on their way lie here, at most three; 0700 */
  spoolFolder: string
  /** temporary files with secrets, removed on every way out and swept at the worker's start; 0700 */
  temporaryFolder: string
  /** `bin` folders of MongoDB tool sets besides PATH */
  mongodbToolFolders: string[]
  /** cancel, time limit and watchdog; its reason is thrown on */
  signal: AbortSignal
  /** Journals an event; returns at once. A run never reports `finished` itself: its caller does, from how the promise settles. */
  report: (event: EventBody) => void
  /** Keeps the latest progress; cheap enough to be called per chunk. */
  progress: (progress: Omit<Progress, 'at'>) => void
}

export type BackupContext = RunContext & {
  /** Asks control to sign the manifest's exact text, waiting while control is away. Null without a dashboard: unsigned. */
  requestGo: (manifest: string) => Promise<string | null>
  /** Gives control this worker's share of a backup that another worker completes, waiting while control is away. */
  handOver: (contribution: Contribution) => Promise<void>
}

export type InPlaceContext = RunContext & {
  /** journals of restores in place; 0700, kept as long as anything is beside */
  inPlaceFolder: string
  /** Asks control whether the exchange may begin, waiting while control is away. Throws the Problem of a refusal. */
  requestSwap: () => Promise<void>
}

export type InspectionContext = RunContext & {
  /** Hands a manifest that was found to control, waiting while control is away. Throws the Problem of a refusal. */
  handIn: (found: FoundManifest) => Promise<'adopted' | 'foreign' | 'known'>
}
export type ReplicationContext = RunContext & {
  /** Asks control whether the copy may get its manifest, waiting while control is away. Throws the Problem of a refusal. */
  requestCopyGo: (manifestSha256: string) => Promise<void>
}

export type FoundManifest = { folder: string; manifest: string; signature: string | null }

/** How a run that did not throw ended. A Problem that is thrown means `failed`; the signal's reason means `cancelled`. */
export type RunOutcome = 'succeeded' | 'warning'

/** Why a signal was aborted by a person, as opposed to a Problem such as a time limit. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
  constructor() {
    super('cancelled')
  }
}
