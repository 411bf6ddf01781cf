import { join } from 'node:path'
import { type StateFolder, stateFolderAt } from '@/worker/fileserver/state-folder'

/** Options that every command of the worker takes. */
export type GlobalOptions = { state: string; policy?: string; spool?: string; mongodbTools: string[] }

export type WorkerSettings = { state: StateFolder; policyFile: string; mongodbToolFolders: string[] }

export const defaultStateFolder = '/var/lib/talekeeper-worker'
export const rootPolicyFile = '/etc/talekeeper/policy.json'

/** The policy stands in /etc for root; a worker of a plain user keeps its own beside its state. */
export function settingsOf(options: GlobalOptions): WorkerSettings {
  const state = stateFolderAt(options.state, options.spool)
  const policyFile = options.policy ?? (process.getuid?.() === 0 ? rootPolicyFile : join(state.path, 'policy.json'))
  return { state, policyFile, mongodbToolFolders: options.mongodbTools }
}
