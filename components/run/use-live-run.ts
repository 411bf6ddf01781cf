'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { readLive } from '@/components/live/live-stream'
import { appendLines, isEnded, type LiveRun, type LogLine } from './live-run'

const keptLines = 2000

/** Follows a run while it goes on. When it has ended, the page is loaded anew for the result. */
export function useLiveRun({ name, id }: { name: 'backup' | 'restore'; id: string }, initial: LiveRun) {
  const [run, setRun] = useState(initial)
  const [lines, setLines] = useState<LogLine[]>(initial.lines)
  const [isOffline, setIsOffline] = useState(false)
  const router = useRouter()

  const follow = useEffectEvent(() => {
    const last = lines.at(-1)
    return last ? `${name}.${id}.${last.attempt}.${last.sequence}` : `${name}.${id}`
  })
  const onRun = useEffectEvent((fresh: LiveRun) => {
    setRun(fresh)
    setLines((known) => appendLines(known, fresh.lines, keptLines))
    if (isEnded(fresh.state) && !isEnded(run.state)) router.refresh()
  })

  const isOver = isEnded(initial.state)
  useEffect(() => {
    if (isOver) return
    return readLive({ follow: () => follow(), onRun: (fresh) => onRun(fresh), onOffline: setIsOffline })
  }, [isOver])

  return { run, lines, isOffline }
}
