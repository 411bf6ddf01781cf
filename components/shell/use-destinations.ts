'use client'

import { useEffect, useState } from 'react'
import { type Destinations, destinationsSchema } from '@/core/destinations/schema'

/** What the palette leads to, asked for whenever it opens. `problem` says why there is nothing. */
export function useDestinations(): { destinations: Destinations | null; problem: string | null } {
  const [destinations, setDestinations] = useState<Destinations | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    const leave = new AbortController()
    load(leave.signal).then(setDestinations, () => {
      if (!leave.signal.aborted) setProblem('The dashboard does not answer: only its pages are offered.')
    })
    return () => leave.abort()
  }, [])
  return { destinations, problem }
}

async function load(signal: AbortSignal): Promise<Destinations> {
  const answer = await fetch('/api/destinations', { signal })
  if (!answer.ok) throw new Error(`${answer.status}`)
  return destinationsSchema.parse(await answer.json())
}
