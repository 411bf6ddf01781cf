'use client'

import { useClockDifference } from '@/components/server-clock'
import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { Phase } from '@/protocol/events'
import { LiveLog } from './live-log'
import { LiveProgress } from './live-progress'
import { isEnded, type LiveRun, stagesOf } from './live-run'
import { phaseWords } from './phase-words'
import { StageTimeline } from './stage-timeline'
import { useLiveRun } from './use-live-run'
import { WorkerStages } from './worker-stages'

/** A run while it goes on, and how it ended: stages, progress, problem, log. */
export function LiveView({
  logHref,
  id,
  initial,
  order,
  noun,
  renderedAt,
  children,
}: {
  logHref: string
  initial: LiveRun
  order: readonly Phase[]
  noun: 'backup' | 'restore'
  /** the run's */
  id: string
  /** the server's clock in milliseconds, so that both sides draw the same first picture */
  renderedAt: number
  /** what else there is to see: above the log once the run has ended */
  children: ReactNode
}) {
  const { run, lines, isOffline } = useLiveRun({ name: noun, id }, initial)
  const clockDifference = useClockDifference()
  const now = run === initial ? renderedAt : Date.now() + clockDifference
  const isOver = isEnded(run.state)
  return (
    <div className="space-y-6">
      <p aria-live="polite" className="sr-only">
        {sentenceOf(run, noun)}
      </p>
      {isOffline && (
        <Notice tone="warning">
          <p>The dashboard does not answer. The {noun} goes on without it; this page tries again by itself.</p>
        </Notice>
      )}
      {run.problem && <ProblemAlert problem={run.problem} />}
      <Card title="Stages">
        <div className="space-y-6">
          {run.shares && run.shares.length > 1 ? (
            <WorkerStages shares={run.shares} order={order} now={now} />
          ) : (
            <StageTimeline stages={stagesOf(order, run, now)} />
          )}
          {run.state === 'queued' && (
            <p className="text-muted text-sm">
              Waiting for the worker to take it. It does so within seconds, or when what it does now is done.
            </p>
          )}
          {run.cancelRequested && !isOver && (
            <p className="text-muted text-sm">Cancelling: the worker stops in a few seconds.</p>
          )}
          {run.progress && !isOver && <LiveProgress progress={run.progress} />}
        </div>
      </Card>
      {isOver && children}
      <LiveLog lines={lines} hasEarlier={initial.hasEarlierLines} isCut={run.isLogCut} isOver={isOver} href={logHref} />
      {!isOver && children}
    </div>
  )
}

function sentenceOf(run: LiveRun, noun: string): string {
  if (run.state === 'running' && run.progress) return `The ${noun} is running: ${phaseWords[run.progress.phase]}.`
  return `The ${noun} is ${run.state === 'warning' ? 'complete, with warnings' : run.state}.`
}
