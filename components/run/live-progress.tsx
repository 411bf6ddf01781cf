import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { Progress } from '@/protocol/events'
import { secondsToGo } from './live-run'
import { phaseWords } from './phase-words'

/** The phase in hand: how far, how fast, how long to go as far as anybody can tell. */
export function LiveProgress({ progress }: { progress: Progress }) {
  const { phase, subject, doneBytes, totalBytes, bytesPerSecond, uploadedBytes } = progress
  const toGo = secondsToGo(progress)
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 text-sm">
        <p>
          <span className="font-medium">{phaseWords[phase]}</span>
          {subject && <span className="text-muted"> · {subject}</span>}
        </p>
        <p className="text-muted tabular-nums">
          {formatBytes(doneBytes)}
          {totalBytes !== null && ` of about ${formatBytes(Math.max(totalBytes, doneBytes))}`}
        </p>
      </div>
      <ProgressBar value={totalBytes ? doneBytes / totalBytes : null} label={`Progress of ${phaseWords[phase]}`} />
      <div className="flex flex-wrap justify-between gap-x-4 text-muted text-xs tabular-nums">
        <p>{formatBytes(bytesPerSecond)}/s</p>
        {uploadedBytes > 0 && <p>{formatBytes(uploadedBytes)} uploaded</p>}
        {toGo !== null && <p>about {formatDuration(toGo)} to go</p>}
      </div>
    </div>
  )
}
