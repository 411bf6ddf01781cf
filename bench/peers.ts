import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Measurement, measureTime } from './measure'
import { empty, place, restoredIn } from './place'

/** The worker's children run with this priority, so what they are measured against does as well. */
const samePriority = 'nice -n 10 ionice -c 2 -n 7'
/** The worker's blocks: larger ones than tar's own make the plain pipes faster as well. */
const tar = (tree: string) => `tar --create --acls --xattrs --blocking-factor=512 --file=- -C ${tree} .`

/** Plain ways to do the same. Each is given the tree and the folder that it may write to. */
const peerCommands = {
  'bare pipe': (tree: string, folder: string) => `${tar(tree)} | zstd -q -T2 -3 > ${folder}/tree.tar.zst`,
  'pipe with cat': (tree: string, folder: string) =>
    `${tar(tree)} | cat | zstd -q -T2 -3 | cat > ${folder}/tree.tar.zst`,
  'tar, gzip, rclone': (tree: string, folder: string) =>
    `${tar(tree)} | gzip > ${folder}/tree.tgz && RCLONE_CONFIG= rclone copy ${folder}/tree.tgz ${folder}/remote`,
  restic: (tree: string, folder: string) =>
    `export RESTIC_PASSWORD=bench; restic init -q --repo ${folder}/repository && restic backup -q --no-cache --repo ${folder}/repository ${tree}`,
  'zstd -d, tar x': (_tree: string, folder: string) =>
    `mkdir ${restoredIn(folder)} && zstd -q -d -c ${folder}/../tree.tar.zst | tar --extract --acls --xattrs --blocking-factor=512 --read-full-records --file=- -C ${restoredIn(folder)}`,
}

export type Peer = keyof typeof peerCommands

export const isResticInstalled = spawnSync('restic', ['version']).error === undefined

/** Runs one of them into an empty folder. */
export async function runPeer(peer: Peer, tree: string): Promise<Measurement> {
  empty(place.peer)
  return measureTime(`${samePriority} bash -o pipefail -c '${peerCommands[peer](tree, place.peer)}'`)
}

/** Makes what `zstd -d, tar x` reads, outside what is measured. */
export async function packForExtraction(tree: string): Promise<void> {
  await measureTime(`${tar(tree)} | zstd -q -T2 -3 > ${join(place.work, 'tree.tar.zst')}`)
}
