import { describe, expect, it } from 'vitest'
import { phases } from '@/protocol/events'
import { appendLines, type LivePhase, type LogLine, secondsToGo, stagesOf } from './live-run'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()
const done: LivePhase = { phase: 'preflight', state: 'finished', startedAt: at(0), finishedAt: at(2) }
const skipped: LivePhase = { phase: 'mongodb', state: 'skipped', startedAt: at(2), finishedAt: at(2) }
const going: LivePhase = { phase: 'files', state: 'started', startedAt: at(2), finishedAt: null }

describe('the stages of a run', () => {
  it('tell what is done, skipped, going on, and still to come', () => {
    const stages = stagesOf(phases.backup, { state: 'running', phases: [done, skipped, going] }, 12_000)
    expect(stages.map((stage) => stage.status)).toEqual([
      'done',
      'skipped',
      'running',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ])
    expect(stages.map((stage) => stage.seconds)).toEqual([2, null, 10, null, null, null, null])
  })

  it('never show anything as going on or to come once the run has ended', () => {
    const stages = stagesOf(phases.backup, { state: 'lost', phases: [done, going] }, 12_000)
    expect(stages.map((stage) => stage.status)).toEqual([
      'done',
      'not reached',
      'stopped',
      'not reached',
      'not reached',
      'not reached',
      'not reached',
    ])
  })
})

describe('the live log', () => {
  const line = (attempt: number, sequence: number): LogLine => ({
    attempt,
    sequence,
    at: at(0),
    level: 'info',
    text: '',
  })

  it('doubles no line when an answer comes twice, and keeps to its bound', () => {
    const known = appendLines([], [line(1, 1), line(1, 2)], 3)
    expect(appendLines(known, [line(1, 2)], 3)).toBe(known)
    expect(appendLines(known, [line(1, 2), line(1, 3), line(2, 1)], 3).map((l) => [l.attempt, l.sequence])).toEqual([
      [1, 2],
      [1, 3],
      [2, 1],
    ])
  })
})

it('guesses the time to go only where speed and end are known', () => {
  const progress = {
    phase: 'files',
    subject: 'homes',
    doneBytes: 50,
    bytesPerSecond: 10,
    uploadedBytes: 0,
    at: at(0),
  } as const
  expect(secondsToGo({ ...progress, totalBytes: 100 })).toBe(5)
  expect(secondsToGo({ ...progress, totalBytes: null })).toBeNull()
  expect(secondsToGo({ ...progress, totalBytes: 40 })).toBeNull()
  expect(secondsToGo({ ...progress, totalBytes: 100, bytesPerSecond: 0 })).toBeNull()
})
