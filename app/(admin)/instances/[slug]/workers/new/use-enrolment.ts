'use client'

import { useEffect, useState } from 'react'
import type { EnrolmentFacts } from '@/core/workers/get-enrolment'

const pollMilliseconds = 2000

/** Follows an enrolment until its worker is connected or revoked, or the token is too old; null before the first answer. */
export function useEnrolment(instanceSlug: string, enrolmentId: string): EnrolmentFacts | null {
  const [enrolment, setEnrolment] = useState<EnrolmentFacts | null>(null)
  useEffect(() => {
    const left = new AbortController()
    const ask = async () => {
      const facts = await fetchEnrolment(instanceSlug, enrolmentId, left.signal)
      if (left.signal.aborted) return
      if (facts) setEnrolment(facts)
      if (!facts || !isSettled(facts)) setTimeout(() => void ask(), pollMilliseconds)
    }
    void ask()
    return () => left.abort()
  }, [instanceSlug, enrolmentId])
  return enrolment
}

function isSettled({ state, worker }: EnrolmentFacts): boolean {
  return worker ? worker.connected || worker.state === 'revoked' : state === 'expired'
}

/** Null while the dashboard does not answer: the next try may do better. */
async function fetchEnrolment(slug: string, id: string, signal: AbortSignal): Promise<EnrolmentFacts | null> {
  try {
    const response = await fetch(`/api/instances/${slug}/enrolments/${id}`, { signal })
    return response.ok ? ((await response.json()) as EnrolmentFacts) : null
  } catch {
    return null
  }
}
