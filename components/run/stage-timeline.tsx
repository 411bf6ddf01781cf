import { CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react'
import { formatDuration } from '@/components/format-time'
import { classNames } from '@/components/ui/class-names'
import type { Stage } from './live-run'
import { phaseWords } from './phase-words'

const looks: Record<Stage['status'], { icon: LucideIcon; tone: string; word: string }> = {
  waiting: { icon: CircleDashed, tone: 'text-muted', word: 'to come' },
  running: { icon: LoaderCircle, tone: 'text-running', word: 'going on' },
  done: { icon: CircleCheck, tone: 'text-good', word: 'done' },
  skipped: { icon: CircleMinus, tone: 'text-muted', word: 'nothing to do' },
  stopped: { icon: CircleX, tone: 'text-bad', word: 'stopped here' },
  'not reached': { icon: CircleDashed, tone: 'text-muted', word: 'not reached' },
}

/** The stages of a run side by side; one below the other on phones. */
export function StageTimeline({ stages }: { stages: Stage[] }) {
  return (
    <ol className="grid gap-x-3 gap-y-3 md:auto-cols-fr md:grid-flow-col" aria-label="Stages">
      {stages.map(({ phase, status, seconds }) => {
        const { icon: Icon, tone, word } = looks[status]
        return (
          <li
            key={phase}
            className={classNames(
              'flex min-w-0 items-center gap-2.5 text-sm md:flex-col md:items-start md:gap-1.5 md:border-t-2 md:pt-2.5',
              status === 'done' && 'md:border-good',
              status === 'running' && 'md:border-running',
              status === 'stopped' && 'md:border-bad',
            )}
            aria-current={status === 'running' ? 'step' : undefined}
          >
            <Icon className={classNames('size-4 shrink-0', tone, status === 'running' && 'animate-spin')} aria-hidden />
            <span className="font-medium max-md:flex-1">{phaseWords[phase]}</span>
            <span className="text-muted text-xs tabular-nums">
              {seconds === null ? (
                word
              ) : (
                <>
                  <span className="sr-only">{word}, </span>
                  {seconds < 0.5 ? '< 1 s' : formatDuration(seconds)}
                </>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
