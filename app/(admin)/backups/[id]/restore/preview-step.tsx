'use client'

import { ScanSearch, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { PreviewTables } from '@/components/run/preview-tables'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { ProblemFacts } from '@/protocol/problem'
import type { RestorePreview } from '@/protocol/restore-preview'
import { cancelPreviewAction, previewRestoreAction } from './actions'

const lookMilliseconds = 700

const unreachable: ProblemFacts = {
  code: 'unreachable',
  text: 'The dashboard does not answer.',
  action: 'Try again in a moment.',
}

/** Has the worker count what the restore would change, when somebody wants to see it. It is kept with the restore. */
export function PreviewStep({ checkId }: { checkId: string }) {
  const [isLooking, setLooking] = useState(false)
  const [preview, setPreview] = useState<RestorePreview | null>(null)
  const [problem, setProblem] = useState<ProblemFacts | null>(null)

  useEffect(() => {
    if (!isLooking) return
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const look = async () => {
      const answer = await previewRestoreAction(null, formOf(checkId)).catch(() => null)
      if (isGone) return
      const failure = answer?.ok ? answer.problem : (answer?.problem ?? unreachable)
      if (answer?.ok && !answer.preview && !failure) {
        timer = setTimeout(() => void look(), lookMilliseconds)
        return
      }
      setPreview(answer?.ok ? answer.preview : null)
      setProblem(failure)
      setLooking(false)
    }
    void look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [isLooking, checkId])

  const begin = () => {
    setProblem(null)
    setLooking(true)
  }
  const cancel = () => {
    setLooking(false)
    void cancelPreviewAction(null, formOf(checkId)).catch(() => {}) // it ends by itself, only later
  }
  return (
    <Card
      title="What would change"
      description="The worker compares what stands there now with what the backup lists. Nothing is changed by that."
    >
      <div className="space-y-4" aria-live="polite" data-preview={preview ? 'there' : isLooking ? 'pending' : 'none'}>
        {preview && <PreviewTables preview={preview} />}
        {problem && <ProblemAlert title="What would change could not be counted" problem={problem} />}
        {isLooking ? (
          <>
            <ProgressBar label="Counting what would change" value={null} />
            <Button variant="ghost" onClick={cancel}>
              <X aria-hidden />
              Do not wait
            </Button>
          </>
        ) : (
          !preview && (
            <Button onClick={begin}>
              <ScanSearch aria-hidden />
              Show what would change
            </Button>
          )
        )}
      </div>
    </Card>
  )
}

function formOf(checkId: string): FormData {
  const form = new FormData()
  form.set('checkId', checkId)
  return form
}
