'use client'

import { RefreshCw } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { IndexProgress } from '@/core/contents/get-contents'
import type { ProblemFacts } from '@/protocol/problem'
import { fetchIndexAction } from './actions'

const lookMilliseconds = 700

/** Has the index fetched, shows how far it is, and gives way to the files when it is there. */
export function IndexFetch({
  backupId,
  initial,
  restoreHref,
}: {
  backupId: string
  initial: IndexProgress
  restoreHref: string | null
}) {
  const router = useRouter()
  const [progress, setProgress] = useState(initial)
  const [attempt, setAttempt] = useState(initial.problem ? 0 : 1)
  const failed = useCallback(
    (problem: ProblemFacts) => setProgress({ stored: false, entries: 0, expected: 0, problem }),
    [],
  )

  useEffect(() => {
    if (attempt === 0) return
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const look = async () => {
      const next = await readProgress(backupId)
      if (isGone) return
      setProgress(next)
      if (next.stored) router.refresh()
      else if (!next.problem) timer = setTimeout(() => void look(), lookMilliseconds)
    }
    const begin = async () => {
      const form = new FormData()
      form.set('id', backupId)
      const answer = await fetchIndexAction(null, form).catch(() => null)
      if (isGone) return
      if (answer?.ok) await look()
      else failed(answer?.problem ?? unreachable)
    }
    void begin()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [attempt, backupId, failed, router])

  const retry = () => {
    setProgress({ stored: false, entries: 0, expected: 0, problem: null })
    setAttempt((count) => count + 1)
  }

  const { problem, entries, expected, stored } = progress
  if (problem)
    return (
      <Card>
        <div className="space-y-4">
          <ProblemAlert title="The list of files could not be fetched" problem={problem} />
          <p className="text-muted text-sm">
            That concerns looking into the backup only. Its files can be restored as before.
          </p>
          <div className="flex flex-wrap gap-3">
            <Button onClick={retry}>
              <RefreshCw aria-hidden />
              Try again
            </Button>
            {restoreHref && (
              <Button asChild variant="ghost">
                <Link href={restoreHref}>Restore</Link>
              </Button>
            )}
          </div>
        </div>
      </Card>
    )
  const share = expected > 0 ? entries / expected : null
  return (
    <Card>
      <div className="space-y-3" aria-live="polite">
        <p className="font-medium">Fetching the list of files…</p>
        <ProgressBar label="List of files" value={entries > 0 || stored ? share : null} />
        <p className="text-muted text-sm">
          {entries === 0
            ? 'A worker reads the index of this backup from its remote. This is done once.'
            : `${entries.toLocaleString('en-GB')}${expected > 0 ? ` of ${expected.toLocaleString('en-GB')}` : ''} entries are here.`}
        </p>
      </div>
    </Card>
  )
}

const unreachable: ProblemFacts = {
  code: 'unreachable',
  text: 'The dashboard does not answer.',
  action: 'Try again in a moment.',
}

async function readProgress(backupId: string): Promise<IndexProgress> {
  const none = { stored: false, entries: 0, expected: 0 }
  try {
    const response = await fetch(`/api/backups/${backupId}/index`, { cache: 'no-store' })
    const answer: IndexProgress = await response.json()
    return response.ok ? answer : { ...none, problem: answer.problem ?? unreachable }
  } catch {
    return { ...none, problem: unreachable }
  }
}
