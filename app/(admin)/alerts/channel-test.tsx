'use client'

import { Send } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { ProblemFacts } from '@/protocol/problem'
import { testChannelAction } from './actions'

const unreachable: ProblemFacts = {
  code: 'unreachable',
  text: 'The dashboard does not answer.',
  action: 'Try again in a moment.',
}

/** Stands inside the channel's form: sends the example to what is typed there, saved or not, and shows what the other side says. */
export function ChannelTest() {
  const place = useRef<HTMLDivElement>(null)
  const [running, setRunning] = useState(false)
  const [shown, setShown] = useState<{ answer: string } | { problem: ProblemFacts } | null>(null)

  const run = async () => {
    const form = place.current?.closest('form')
    if (!form) return
    setRunning(true)
    setShown(null)
    const result = await testChannelAction(new FormData(form)).catch(() => null)
    setRunning(false)
    if (!result) return setShown({ problem: unreachable })
    if (result.ok) return setShown({ answer: result.answer })
    const text = [result.problem.text, ...Object.values(result.fields ?? {})]
    setShown({ problem: { ...result.problem, text: [...new Set(text)].join('\n') } })
  }

  return (
    <div ref={place} className="space-y-3">
      <Button pending={running} onClick={() => void run()}>
        {!running && <Send aria-hidden />}
        {running ? 'Sending…' : 'Send a test'}
      </Button>
      <div aria-live="polite">
        {shown &&
          ('problem' in shown ? (
            <ProblemAlert problem={shown.problem} />
          ) : (
            <Notice tone="good" title="It was taken.">
              <p className="break-words text-text">The other side said: {shown.answer}</p>
            </Notice>
          ))}
      </div>
    </div>
  )
}
