import { workerRoute } from '@/app/api/worker/worker-route'
import { recordRunEvents } from '@/core/workers/record-run-events'
import { eventsRequestSchema } from '@/protocol/worker-api'

/** Five hundred events of the longest kind, and a summary with every namespace, fit in. */
const limitBytes = 16 * 1024 * 1024

export const POST = workerRoute(eventsRequestSchema, (worker, body) => recordRunEvents(worker, body), limitBytes)
