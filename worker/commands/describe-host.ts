import { hostname } from 'node:os'
import { programVersion } from '@/engine/program-version'
import { sha256Hex } from '@/lib/crypto'
import type { Identity } from '@/worker/fileserver/identity'
import { probeTools } from './probe-tools'

/** What the control plane is told of a host that becomes a worker: of its secrets the hashes only. */
export async function describeHost({ key, redisPassword }: Identity, mongodbToolFolders: string[]) {
  return {
    keySha256: sha256Hex(key),
    redisPasswordSha256: sha256Hex(redisPassword),
    hostName: hostname().slice(0, 255) || 'unknown',
    version: programVersion,
    tools: await probeTools(mongodbToolFolders),
  }
}
