'use client'

import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import type { RetentionSimulation } from '@/core/plans/simulate-retention'
import { simulateRetentionAction } from './actions'

const pauseMilliseconds = 400

/** What the retention on a remote of the form would do, asked again whenever something in the form around `place` changes. */
export function useSimulation(
  place: RefObject<HTMLElement | null>,
  index: number,
): {
  simulation: RetentionSimulation | null
  fault: string | null
} {
  const [state, setState] = useState<{ simulation: RetentionSimulation | null; fault: string | null }>({
    simulation: null,
    fault: null,
  })
  const settle = useEffectEvent((answer: Awaited<ReturnType<typeof simulateRetentionAction>>) =>
    setState(answer.ok ? { simulation: answer.simulation, fault: null } : { ...state, fault: answer.problem.text }),
  )
  useEffect(() => {
    const form = place.current?.closest('form')
    if (!form) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let latest = 0
    const ask = async () => {
      const mine = ++latest
      const answer = await simulateRetentionAction(new FormData(form), index).catch(() => null)
      if (answer && mine === latest) settle(answer)
    }
    const askSoon = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), pauseMilliseconds)
    }
    void ask()
    form.addEventListener('input', askSoon)
    return () => {
      latest = -1
      clearTimeout(timer)
      form.removeEventListener('input', askSoon)
    }
  }, [place, index])
  return state
}
