import { z } from 'zod'
import { type Phase, type Progress, phaseSchema } from '@/protocol/events'

const mostSamples = 240

const sampleSchema = z.object({
  /** of the worker that reports it: they take turns */
  attempt: z.int().min(1).default(1),
  /** after the run began, a multiple of the step */
  second: z.int().min(0),
  phase: phaseSchema,
  bytesPerSecond: z.number().min(0),
  /** by this worker, since its turn began */
  uploadedBytes: z.number().min(0),
})
type ThroughputSample = z.infer<typeof sampleSchema>

/** How fast a backup went: one sample each `stepSeconds`, where something was reported. */
export const throughputSchema = z.object({
  stepSeconds: z.int().min(1),
  samples: z.array(sampleSchema).max(mostSamples),
})
export type Throughput = z.infer<typeof throughputSchema>

/**
 * Adds what a worker reports at `now`, by control's clock: those of several workers may differ. The first report of each step
 * counts; where the samples are full, each two become one, so that they stay few however long the run takes. Null where nothing
 * is to be stored. Pure.
 */
export function addSample(
  known: Throughput | null,
  { attempt, startedAt, now }: { attempt: number; startedAt: Date; now: Date },
  { phase, bytesPerSecond, uploadedBytes }: Pick<Progress, 'phase' | 'bytesPerSecond' | 'uploadedBytes'>,
): Throughput | null {
  const seconds = Math.max(0, Math.floor((now.getTime() - startedAt.getTime()) / 1000))
  const before = known ?? { stepSeconds: 1, samples: [] }
  const last = before.samples.at(-1)
  // the clock was set back: what follows would lie on what was drawn
  const isOfNow = !last || seconds >= last.second
  const throughput = isOfNow ? before : { stepSeconds: 1, samples: [] }
  const second = seconds - (seconds % throughput.stepSeconds)
  if (isOfNow && last && last.second >= second) return null
  return bounded({
    ...throughput,
    samples: [...throughput.samples, { attempt, second, phase, bytesPerSecond, uploadedBytes }],
  })
}

function bounded({ stepSeconds, samples }: Throughput): Throughput {
  if (samples.length < mostSamples) return { stepSeconds, samples }
  const step = stepSeconds * 2
  const halved: ThroughputSample[] = []
  for (const sample of samples) {
    const second = sample.second - (sample.second % step)
    const pair = halved.at(-1)?.second === second ? halved.pop() : undefined
    const bytesPerSecond = pair ? Math.round((pair.bytesPerSecond + sample.bytesPerSecond) / 2) : sample.bytesPerSecond
    halved.push({ ...sample, second, bytesPerSecond })
  }
  return bounded({ stepSeconds: step, samples: halved })
}

export type ThroughputPoint = {
  second: number
  /** null where nothing was heard for a while: the line is broken there */
  readPerSecond: number | null
  uploadedPerSecond: number | null
  phase: Phase
}

/** What a chart draws: rates, and gaps where nothing was heard for more than two steps. Pure. */
export function pointsOf({ stepSeconds, samples }: Throughput): ThroughputPoint[] {
  return samples.flatMap(({ attempt, second, phase, bytesPerSecond, uploadedBytes }, index) => {
    const before = samples[index - 1]
    const elapsed = before ? second - before.second : 0
    // the next worker counts from its own begin
    const uploadedBefore = before?.attempt === attempt ? before.uploadedBytes : 0
    const uploaded = before ? Math.max(0, uploadedBytes - uploadedBefore) / elapsed : 0
    const point = { second, phase, readPerSecond: bytesPerSecond, uploadedPerSecond: Math.round(uploaded) }
    if (!before || elapsed <= Math.max(10, stepSeconds * 2)) return [point]
    return [{ second: second - 1, phase: before.phase, readPerSecond: null, uploadedPerSecond: null }, point]
  })
}
