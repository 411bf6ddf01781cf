import { workerRoute } from '@/app/api/worker/worker-route'
import { recordManifest } from '@/core/inspections/record-manifest'
import { manifestRequestSchema } from '@/protocol/worker-api'

/** A manifest of 64 MiB, written as a JSON string. */
const limitBytes = 80 * 1024 * 1024

export const POST = workerRoute(manifestRequestSchema, (worker, body) => recordManifest(worker, body), limitBytes)
