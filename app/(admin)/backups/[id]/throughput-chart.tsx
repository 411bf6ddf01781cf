'use client'

import { Area, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { phaseWords } from '@/components/run/phase-words'
import type { ThroughputPoint } from '@/core/backups/throughput'

const tick = { fill: 'var(--muted)', fontSize: 12 }

/** Bytes a second over the time of the run. */
export function ThroughputChart({ points }: { points: ThroughputPoint[] }) {
  return (
    <div className="h-56 overflow-hidden" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--border)" vertical={false} />
          <XAxis
            dataKey="second"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={formatDuration}
            tick={tick}
            stroke="var(--border)"
            minTickGap={48}
            allowDecimals={false}
          />
          <YAxis tickFormatter={formatBytes} tick={tick} stroke="var(--border)" width={72} />
          <Tooltip content={({ payload }) => <Reading point={payload?.[0]?.payload} />} isAnimationActive={false} />
          <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} />
          <Area
            name="read"
            dataKey="readPerSecond"
            type="monotone"
            stroke="var(--accent)"
            strokeWidth={2}
            fill="var(--accent)"
            fillOpacity={0.12}
            isAnimationActive={false}
          />
          <Line
            name="uploaded"
            dataKey="uploadedPerSecond"
            type="monotone"
            stroke="var(--good)"
            strokeWidth={2}
            strokeDasharray="4 3"
            dot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

function Reading({ point }: { point: ThroughputPoint | undefined }) {
  if (!point || point.readPerSecond === null) return null
  return (
    <div className="rounded-lg border border-border bg-surface-raised px-3 py-2 text-xs shadow-md">
      <p className="font-medium">
        {phaseWords[point.phase]}, after {formatDuration(point.second)}
      </p>
      <p className="tabular-nums">read {formatBytes(point.readPerSecond)}/s</p>
      <p className="tabular-nums">uploaded {formatBytes(point.uploadedPerSecond ?? 0)}/s</p>
    </div>
  )
}
