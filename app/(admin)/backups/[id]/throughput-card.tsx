'use client'

import dynamic from 'next/dynamic'
import { useEffect, useEffectEvent, useState } from 'react'
import { formatBytes } from '@/components/format-bytes'
import { Card } from '@/components/ui/card'
import type { ThroughputPoint } from '@/core/backups/throughput'

const everyMilliseconds = 5000

/** Drawn in the browser alone, and loaded only where there is something to draw. */
const ThroughputChart = dynamic(() => import('./throughput-chart').then((module) => module.ThroughputChart), {
  ssr: false,
  loading: () => <div className="h-56" />,
})

/** How fast the backup read and uploaded, over its time; grows while it runs. */
export function ThroughputCard({ id, initial, isOver }: { id: string; initial: ThroughputPoint[]; isOver: boolean }) {
  const [points, setPoints] = useState(initial)
  const refresh = useEffectEvent(async () => {
    if (document.hidden) return
    // a page that is offline says so in its stages; the chart just waits
    const answer = await fetch(`/api/backups/${id}/throughput`).catch(() => null)
    if (answer?.ok) setPoints((await answer.json()) as ThroughputPoint[])
  })
  useEffect(() => {
    if (isOver) return
    const timer = setInterval(() => void refresh(), everyMilliseconds)
    return () => clearInterval(timer)
  }, [isOver])
  if (points.length < 3) return null
  return (
    <Card title="Throughput" description={sentenceOf(points)} className="print:hidden">
      <ThroughputChart points={points} />
    </Card>
  )
}

/** What the chart shows, for those who do not see it. */
function sentenceOf(points: ThroughputPoint[]): string {
  const peak = Math.max(...points.map(({ readPerSecond }) => readPerSecond ?? 0))
  const uploaded = Math.max(...points.map(({ uploadedPerSecond }) => uploadedPerSecond ?? 0))
  const upload = uploaded > 0 ? `, and uploaded ${formatBytes(uploaded)}/s` : ''
  return `Before compression. At its fastest it read ${formatBytes(peak)}/s${upload}.`
}
