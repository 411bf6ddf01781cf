'use client'

import { CircleCheck, Download, RefreshCw, X } from 'lucide-react'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { formatBytes } from '@/components/format-bytes'
import { Button } from '@/components/ui/button'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { Download as Facts } from '@/core/downloads/open-downloads'
import type { ProblemFacts } from '@/protocol/problem'
import { requestDownloadAction } from './actions'

type Wanted = { entryId: number; label: string }
type Live = Pick<Facts, 'state' | 'sentBytes' | 'bytes' | 'leftOut' | 'problem'>
type Shown = Wanted & { key: number; live: Live }

const lookMilliseconds = 700
const begun: Live = { state: 'waiting', sentBytes: 0, bytes: null, leftOut: null, problem: null }
const unreachable: ProblemFacts = {
  code: 'unreachable',
  text: 'The dashboard does not answer.',
  action: 'Try again in a moment.',
}

const DeskContext = createContext<(wanted: Wanted) => void>(() => {})

/** Asks for a download. */
export function useDownload(): (wanted: Wanted) => void {
  return useContext(DeskContext)
}

/** Shows the downloads that were asked for on this page, from the first word to the last byte. */
export function DownloadDesk({ backupId, children }: { backupId: string; children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([])
  const count = useRef(0)
  const isGone = useRef(false)
  useEffect(() => {
    isGone.current = false
    return () => {
      isGone.current = true
    }
  }, [])

  const start = useCallback(
    async (wanted: Wanted) => {
      const key = ++count.current
      const show = (live: Live) =>
        setShown((before) => before.map((download) => (download.key === key ? { ...download, live } : download)))
      setShown((before) => [
        ...before.filter(({ entryId }) => entryId !== wanted.entryId),
        { ...wanted, key, live: begun },
      ])
      const form = new FormData()
      form.set('id', backupId)
      form.set('entry', String(wanted.entryId))
      const answer = await requestDownloadAction(null, form).catch(() => null)
      if (!answer?.ok) return show({ ...begun, state: 'failed', problem: answer?.problem ?? unreachable })
      await follow(answer.token, show, () => isGone.current)
    },
    [backupId],
  )
  const close = (key: number) => setShown((before) => before.filter((download) => download.key !== key))

  return (
    <DeskContext value={(wanted) => void start(wanted)}>
      {shown.length > 0 && (
        <section aria-label="Downloads" aria-live="polite" className="mb-4 space-y-2">
          {shown.map((download) => (
            <Row
              key={download.key}
              download={download}
              onClose={() => close(download.key)}
              onRetry={() => void start(download)}
            />
          ))}
        </section>
      )}
      {children}
    </DeskContext>
  )
}

/** Watches a download, and lets the browser take it as soon as its first bytes are there. */
async function follow(token: string, show: (live: Live) => void, isGone: () => boolean): Promise<void> {
  let isTaken = false
  while (!isGone()) {
    const live = await readLive(token)
    show(live)
    if (live.state === 'ready' && !isTaken) {
      isTaken = true
      window.location.assign(`/api/downloads/${token}`)
    }
    if (live.state === 'done' || live.state === 'failed') return
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds))
  }
}

async function readLive(token: string): Promise<Live> {
  try {
    const response = await fetch(`/api/downloads/${token}/live`, { cache: 'no-store' })
    const answer: Live = await response.json()
    return response.ok ? answer : { ...begun, state: 'failed', problem: answer.problem ?? unreachable }
  } catch {
    return { ...begun, state: 'failed', problem: unreachable }
  }
}

function Row({ download, onClose, onRetry }: { download: Shown; onClose: () => void; onRetry: () => void }) {
  const { live, label } = download
  if (live.problem)
    return (
      <div>
        <ProblemAlert title={label} problem={live.problem} />
        <div className="mt-2 flex gap-2">
          <Button size="sm" onClick={onRetry}>
            <RefreshCw aria-hidden />
            Try again
          </Button>
          <Button size="sm" variant="ghost" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    )
  const isDone = live.state === 'done'
  return (
    <div className="rounded-xl border border-border bg-surface px-4 py-3 text-sm shadow-xs">
      <div className="flex items-center gap-3">
        {isDone ? (
          <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
        ) : (
          <Download className="size-4 shrink-0 text-running" aria-hidden />
        )}
        <span className="min-w-0 flex-1 break-all">
          <span className="font-medium">{label}</span> <span className="text-muted">{words(live)}</span>
        </span>
        {isDone && (
          <Button size="icon-sm" variant="ghost" aria-label={`Close the notice about ${label}`} onClick={onClose}>
            <X aria-hidden />
          </Button>
        )}
      </div>
      {!isDone && (
        <ProgressBar
          className="mt-2"
          label={`Download of ${label}`}
          value={live.bytes ? live.sentBytes / live.bytes : null}
        />
      )}
    </div>
  )
}

function words({ state, sentBytes, bytes, leftOut }: Live): string {
  if (state === 'waiting') return 'The worker fetches it from the remote…'
  if (state === 'ready') return 'The first bytes are here…'
  if (state === 'sending') return `${formatBytes(sentBytes)}${bytes === null ? '' : ` of ${formatBytes(bytes)}`}`
  const without = leftOut ? ` ${leftOut.toLocaleString('en-GB')} entries that could do harm were left out.` : ''
  return `${formatBytes(sentBytes)}, complete and compared with the backup.${without}`
}
