import { parseArgs } from 'node:util'
import { describeMachine } from './machine'
import { isResticInstalled } from './peers'
import { measurePeakMemory } from './peak-memory'
import { clearPlace, place, preparePlace } from './place'
import { ratiosOf } from './ratios'
import { type Memory, printTable, writeResult } from './report'
import { medianOf, runRounds } from './rounds'
import { measureSafety, printSafety } from './safety'
import { measureSelected, printSelected } from './selected'
import { makeBenchTree } from './tree'
import { backupCommandLine, restoreCommandLine, runBackup } from './worker-runs'

/** Sizes of the trees: the one that all are timed with, and those that memory is compared at. */
const full = { megabytes: 1000, files: 20_000, memoryMegabytes: [200, 2000], rounds: 3 }
const quick = { megabytes: 60, files: 2000, memoryMegabytes: [20, 200], rounds: 1 }

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
})
const size = options.quick ? quick : full
const roundCount = Number(options.rounds ?? size.rounds)
const say = (text: string) => console.log(`bench: ${text}`)

say(
  'the worker’s children run with nice 10 and the lowest best-effort I/O class; so do the tools that it is measured against',
)
if (!isResticInstalled) say('RESTIC IS NOT INSTALLED: nothing is measured against it')
preparePlace()
const tree = makeTree(size.megabytes)
const rounds = await runRounds(tree, roundCount, say)
const memory = await measureMemory()
const ratios = ratiosOf(rounds)
say('restoring one home and one file out of a backup of many homes')
const selected = await measureSelected({ megabytes: size.megabytes, files: size.files })
say('restoring in place, without and with a safety backup')
const safety = await measureSafety({ megabytes: size.megabytes, files: size.files })
printTable(ratios, memory)
printSelected(selected, rounds.backup[0]?.bytes ?? null)
printSafety(safety)
if (!options.quick) say(`written to ${writeResult(result())}`)
clearPlace()

function makeTree(megabytes: number): string {
  say(`making a tree of ${megabytes} MB, unless it is there`)
  makeBenchTree(place.tree(megabytes), { megabytes, files: Math.round((size.files * megabytes) / size.megabytes) })
  return place.tree(megabytes)
}

async function measureMemory(): Promise<Memory[]> {
  const memory: Memory[] = []
  for (const megabytes of size.memoryMegabytes) {
    const tree = makeTree(megabytes)
    memory.push({ of: 'backup', megabytes, peakBytes: await measurePeakMemory(backupCommandLine(tree)) })
    const backup = await runBackup(tree, { bytesPerSecond: null, partMebibytes: 512 })
    memory.push({ of: 'restore', megabytes, peakBytes: await measurePeakMemory(restoreCommandLine(backup)) })
  }
  return memory
}

function result() {
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    /** of each round's beginning */
    loads: rounds.loads,
    tree: { megabytes: size.megabytes, files: size.files },
    rounds: roundCount,
    ratios,
    memory,
    selected,
    safety,
    bytesOnRemote: rounds.backup[0]?.bytes ?? null,
    peers: Object.fromEntries([...rounds.peers].map(([peer, measurements]) => [peer, medianOf(measurements)])),
    runs: rounds.backup,
  }
}
