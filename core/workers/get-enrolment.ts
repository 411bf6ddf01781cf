import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { fingerprintOf } from '@/protocol/worker-api'

/** How far an enrolment has come, for the page that waits for it. */
export type EnrolmentFacts = {
  state: 'waiting' | 'expired' | 'enrolled'
  worker: {
    id: string
    slug: string
    state: 'pending' | 'active' | 'revoked'
    fingerprint: string
    hostName: string
    version: string
    /** has reported since it was confirmed: its process runs */
    connected: boolean
  } | null
}

/** Throws Problem `enrolment-not-found`. */
export async function getEnrolment(instanceSlug: string, id: string, now = new Date()): Promise<EnrolmentFacts> {
  const enrolment = await db().enrolment.findFirst({ where: { id, instance: { slug: instanceSlug } } })
  if (!enrolment) throw new Problem({ code: 'enrolment-not-found', text: 'There is no such enrolment.' })
  const worker = enrolment.workerId ? await db().worker.findUnique({ where: { id: enrolment.workerId } }) : null
  if (!worker) return { state: enrolment.expiresAt <= now ? 'expired' : 'waiting', worker: null }
  const { slug, state, keySha256, hostName, version, lastSeenAt, confirmedAt } = worker
  return {
    state: 'enrolled',
    worker: {
      id: worker.id,
      slug,
      state,
      fingerprint: fingerprintOf(keySha256),
      hostName,
      version,
      connected: Boolean(confirmedAt && lastSeenAt && lastSeenAt >= confirmedAt),
    },
  }
}
