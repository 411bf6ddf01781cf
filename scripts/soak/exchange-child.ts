import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { recoverInPlace } from '@/engine/recover-in-place'
import { runInPlace } from '@/engine/run-in-place'
import { policySchema } from '@/protocol/policy'
import { inPlaceSpecSchema } from '@/protocol/specs'

/**
 * A process that restores in place, or recovers what one left, and is killed with -9 at the `killAt`th report, some time after it.
 * Prints how many reports there were when it lives on.
 */
const orderSchema = z.object({
  spec: inPlaceSpecSchema,
  policy: policySchema,
  folders: z.object({ spool: z.string(), temporary: z.string(), inPlace: z.string() }),
  recovers: z.boolean(),
  killAt: z.int().nullable(),
  delayMilliseconds: z.number(),
})
export type ExchangeOrder = z.input<typeof orderSchema>

const order = orderSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
let reports = 0
function count(): void {
  reports++
  if (reports !== order.killAt) return
  if (order.delayMilliseconds === 0) process.kill(process.pid, 'SIGKILL')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), order.delayMilliseconds)
}

const { signal } = new AbortController()
if (order.recovers) {
  const recovered = await recoverInPlace(order.folders.inPlace, { signal, log: count })
  const problem = recovered.find((one) => one.problem)
  if (problem) throw new Error(JSON.stringify(problem))
} else
  await runInPlace(order.spec, {
    policy: order.policy,
    spoolFolder: order.folders.spool,
    temporaryFolder: order.folders.temporary,
    mongodbToolFolders: [],
    signal,
    report: count,
    progress: () => {},
    inPlaceFolder: order.folders.inPlace,
    requestSwap: async () => {},
  })
console.log(JSON.stringify({ reports }))
process.exit(0)
