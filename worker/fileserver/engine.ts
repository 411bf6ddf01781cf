import { checkRestore } from '@/engine/check-restore'
import { checkSource } from '@/engine/check-source'
import { discover } from '@/engine/discover'
import { endInPlace } from '@/engine/end-in-place'
import { removeTree } from '@/engine/files/remove-tree'
import { listBackends } from '@/engine/list-backends'
import { listFolder } from '@/engine/list-folder'
import { scanHostKey } from '@/engine/scan-host-key'
import { recoverInPlace } from '@/engine/recover-in-place'
import { previewInPlace } from '@/engine/preview-in-place'
import { runBackup } from '@/engine/run-backup'
import { runDiscard } from '@/engine/run-discard'
import { runInPlace } from '@/engine/run-in-place'
import { runInspection } from '@/engine/run-inspection'
import { runOlderRestore } from '@/engine/run-older-restore'
import { runPrune } from '@/engine/run-prune'
import { runReplication } from '@/engine/run-replication'
import { runRestore } from '@/engine/run-restore'
import { sendFile } from '@/engine/send-file'
import { sendFolder } from '@/engine/send-folder'
import { sendIndex } from '@/engine/send-index'
import { testRemote } from '@/engine/test-remote'
import type { Engine } from './station'

export const engine: Engine = {
  runBackup,
  runRestore,
  runOlderRestore,
  runInPlace,
  endInPlace,
  recoverInPlace,
  runDiscard,
  runPrune,
  runInspection,
  runReplication,
  testRemote,
  listBackends,
  listFolder,
  scanHostKey,
  checkRestore,
  previewInPlace,
  checkSource,
  discover,
  sendIndex,
  sendFile,
  sendFolder,
  removeTree,
}
