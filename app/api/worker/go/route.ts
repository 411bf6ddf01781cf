import { workerRoute } from '@/app/api/worker/worker-route'
import { giveGo } from '@/core/backups/give-go'
import { goRequestSchema } from '@/protocol/worker-api'

/** A manifest of 64 MiB, written as a JSON string. */
const limitBytes = 80 * 1024 * 1024

export const POST = workerRoute(goRequestSchema, (worker, body) => giveGo(worker, body), limitBytes)
