'use client'

import { KeyRound } from 'lucide-react'
import { useRef, useState } from 'react'
import { TextareaField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { HostKeys } from '@/core/remotes/scan-host-key'
import type { ProblemFacts } from '@/protocol/problem'
import { scanHostKeyAction } from './actions'
import { unreachable } from './unreachable'

/** The pinned key of an SSH server: pasted, or fetched by a worker, compared by a person, and taken over. */
export function HostKeyField({ saved }: { saved: string | undefined }) {
  const place = useRef<HTMLDivElement>(null)
  const [text, setText] = useState(saved ?? '')
  const [pending, setPending] = useState(false)
  const [shown, setShown] = useState<HostKeys['keys'] | null>(null)
  const [problem, setProblem] = useState<ProblemFacts | null>(null)

  const fetchKeys = async () => {
    const form = place.current?.closest('form')
    if (!form) return
    setPending(true)
    const answer = await scanHostKeyAction(new FormData(form)).catch(() => null)
    setPending(false)
    setShown(answer?.ok ? answer.keys : null)
    setProblem(answer?.ok ? null : (answer?.problem ?? unreachable))
  }

  return (
    <div ref={place} className="space-y-3">
      <TextareaField
        name="host_key"
        label="Host key of the server"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="ssh-ed25519 AAAA…"
        spellCheck={false}
        className="font-mono"
        description={
          <>
            Paste what <code className="font-mono">ssh-keyscan HOST</code> prints, or let the worker below fetch it, and
            compare it with what the server’s administrator tells you. A server with another key is refused.
          </>
        }
      />
      <Button size="sm" pending={pending} onClick={() => void fetchKeys()}>
        {!pending && <KeyRound aria-hidden />}
        Fetch it from the server
      </Button>
      <div aria-live="polite" className="space-y-3">
        {problem && <ProblemAlert problem={problem} />}
        {shown && (
          <Notice title="Compare before you pin">
            <div className="space-y-3 text-text">
              <p>
                The server shows these keys. On it,{' '}
                <code className="break-all font-mono text-xs">ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code>{' '}
                prints the same fingerprint; if it prints another, somebody listens in between.
              </p>
              <ul className="space-y-1">
                {shown.map(({ type, fingerprint }) => (
                  <li key={fingerprint} className="break-all font-mono text-xs">
                    {type} {fingerprint}
                  </li>
                ))}
              </ul>
              <Button
                size="sm"
                onClick={() => {
                  setText(shown.map(({ key }) => key).join('\n'))
                  setShown(null)
                }}
              >
                They are the same: pin them
              </Button>
            </div>
          </Notice>
        )}
      </div>
    </div>
  )
}
