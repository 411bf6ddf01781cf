'use client'

import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatBytes } from '@/components/format-bytes'
import type { ForecastDay } from '@/core/backups/forecast-retention'

/** How many backups and bytes lie on the remote in the days to come; the sentence says it without the picture. */
export function ForecastChart({ forecast, timeZone }: { forecast: ForecastDay[]; timeZone: string }) {
  const last = forecast.at(-1)
  if (!last) return null
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' })
  const most = forecast.reduce((a, b) => (b.backups > a.backups ? b : a))
  const size = (bytes: number) => (bytes > 0 ? `, about ${formatBytes(bytes)}` : '')
  const days = forecast.map(({ at, backups, bytes }) => ({ day: format.format(at), backups, bytes }))
  return (
    <figure className="space-y-2">
      <figcaption>
        In {forecast.length} days: <b>{last.backups}</b> backups{size(last.bytes)}; the most at once are {most.backups}
        {size(most.bytes)}, on {format.format(most.at)}. If every run makes a backup as large as usual.
      </figcaption>
      <div className="h-32 overflow-hidden" aria-hidden>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 128 }}>
          <AreaChart data={days} margin={{ top: 4, right: 4, bottom: 0, left: -24 }} accessibilityLayer={false}>
            <XAxis dataKey="day" tick={{ fill: 'var(--muted)', fontSize: 11 }} tickLine={false} minTickGap={40} />
            <YAxis
              tick={{ fill: 'var(--muted)', fontSize: 11 }}
              tickLine={false}
              axisLine={false}
              allowDecimals={false}
            />
            <Tooltip
              isAnimationActive={false}
              contentStyle={{ background: 'var(--surface-raised)', borderColor: 'var(--border)', borderRadius: 8 }}
              formatter={(value, _name, { payload }) => [`${value}${size(payload.bytes)}`, 'backups']}
            />
            <Area
              type="stepAfter"
              dataKey="backups"
              stroke="var(--accent)"
              fill="var(--accent)"
              fillOpacity={0.2}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </figure>
  )
}
