import type { z } from 'zod'
import {
  type BackupContext,
  Cancelled,
  type InPlaceContext,
  type InspectionContext,
  type ReplicationContext,
  type RunContext,
  type RunOutcome,
} from '@/engine/context'
import type { BackendWords } from '@/engine/list-backends'
import type { OlderRestore } from '@/engine/run-older-restore'
import type { Recovered, RecoverOptions } from '@/engine/recover-in-place'
import type { Send, SentAnswer } from '@/engine/sending/send-while'
import { Problem } from '@/protocol/problem'
import type { Backend, Remote } from '@/protocol/remotes'
import type { CheckLine } from '@/protocol/restore-check'
import type { RestorePreview } from '@/protocol/restore-preview'
import type { MongodbSource, Source } from '@/protocol/sources'
import type {
  BackupSpec,
  CheckRestoreSpec,
  DiscardSpec,
  InPlaceEndSpec,
  InPlaceSpec,
  InspectionSpec,
  PruneSpec,
  ReplicationSpec,
  RestoreSpec,
  SendFileSpec,
  SendFolderSpec,
  SendIndexSpec,
} from '@/protocol/specs'
import type {
  checkSourceAnswerSchema,
  Discovered,
  foldersAnswerSchema,
  hostKeysAnswerSchema,
  testRemoteAnswerSchema,
} from '@/protocol/worker-api'
import type { ControlPlane } from './control-plane'
import type { RunningRuns } from './running-runs'
import type { ScratchRegistry } from './scratch-registry'
import type { SenderCrew } from './sender-crew'
import type { StateFolder } from './state-folder'
import type { WorkerLog } from './worker-log'

type PlacedCheck = CheckRestoreSpec & { target: { folder: string } }

/** What the worker has bytes done by. */
export type Engine = {
  runBackup: (spec: BackupSpec, context: BackupContext) => Promise<RunOutcome>
  runRestore: (spec: RestoreSpec, context: RunContext) => Promise<RunOutcome>
  runOlderRestore: (spec: OlderRestore, context: RunContext) => Promise<RunOutcome>
  runInPlace: (spec: InPlaceSpec, context: InPlaceContext) => Promise<RunOutcome>
  endInPlace: (spec: InPlaceEndSpec, context: InPlaceContext) => Promise<RunOutcome>
  recoverInPlace: (folder: string, options: RecoverOptions) => Promise<Recovered[]>
  runDiscard: (spec: DiscardSpec, context: RunContext) => Promise<RunOutcome>
  runPrune: (spec: PruneSpec, context: RunContext) => Promise<RunOutcome>
  runInspection: (spec: InspectionSpec, context: InspectionContext) => Promise<RunOutcome>
  listFolder: (
    asked: { remote: Remote; folder: string; make: boolean },
    context: RunContext,
  ) => Promise<z.infer<typeof foldersAnswerSchema>>
  scanHostKey: (host: string, port: string, context: RunContext) => Promise<z.infer<typeof hostKeysAnswerSchema>>
  listBackends: (backend: Backend, context: RunContext) => Promise<BackendWords>
  runReplication: (spec: ReplicationSpec, context: ReplicationContext) => Promise<RunOutcome>
  testRemote: (
    remote: Remote,
    context: RunContext,
    keeper: Remote | null,
  ) => Promise<z.infer<typeof testRemoteAnswerSchema>>
  checkRestore: (
    spec: PlacedCheck,
    context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
  ) => Promise<{ lines: CheckLine[] }>
  previewInPlace: (
    spec: InPlaceSpec,
    context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
  ) => Promise<RestorePreview>
  checkSource: (source: Source, context: RunContext) => Promise<z.infer<typeof checkSourceAnswerSchema>>
  discover: (source: MongodbSource, context: RunContext) => Promise<Discovered>
  sendIndex: (spec: SendIndexSpec, context: RunContext, send: Send) => Promise<SentAnswer>
  sendFile: (spec: SendFileSpec, context: RunContext, send: Send) => Promise<SentAnswer>
  sendFolder: (spec: SendFolderSpec, context: RunContext, send: Send) => Promise<SentAnswer>
  removeTree: (folder: string, signal: AbortSignal) => Promise<void>
}

/** One worker process with all that its parts share. */
export type Station = {
  state: StateFolder
  policyFile: string
  mongodbToolFolders: string[]
  control: ControlPlane
  engine: Engine
  running: RunningRuns
  senders: SenderCrew
  scratch: ScratchRegistry
  log: WorkerLog
}

/** The reason a run ends with when its worker is stopped: cancelled, but by nobody. */
export class WorkerStopped extends Cancelled {}

/** The reason a run ends with when the control plane no longer accepts this worker. */
export function keyRefused(): Problem {
  return new Problem({
    code: 'key-refused',
    text: 'The control plane does not accept the key of this worker: it was revoked, or never confirmed.',
    action: 'Look at the worker in the dashboard. To use this host again, enrol it anew with --force.',
  })
}
