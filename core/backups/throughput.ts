import { z } from 'zod'
import { type Phase, type Progress, phaseSchema } from '@/protocol/events'

const mostSamples = 240

const sampleSchema = z.object({
  /** after the run began, a multiple of the step */
  second: z.int().min(0),
  phase: phaseSchema,
  bytesPerSecond: z.number().min(0),
  /** since the run began */
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
 * Adds what a worker reports. The first report of each step counts; where the samples are full, each two become one, so that
 * they stay few however long the run takes. Null where nothing is to be stored. Pure.
 */
export function addSample(known: Throughput | null, startedAt: Date, progress: Progress): Throughput | null {
  const seconds = Math.max(0, Math.floor((Date.parse(progress.at) - startedAt.getTime()) / 1000))
  const before = known ?? { stepSeconds: 1, samples: [] }
  const last = before.samples.at(-1)
  // a report of the clock's past belongs to an earlier attempt, or its clock was set back
  const isOfNow = !last || seconds >= last.second
  const throughput = isOfNow ? before : { stepSeconds: 1, samples: [] }
  const second = seconds - (seconds % throughput.stepSeconds)
  if (isOfNow && last?.second === second) return null
  const { phase, bytesPerSecond, uploadedBytes } = progress
  const samples = [...throughput.samples, { second, phase, bytesPerSecond, uploadedBytes }]
  return bounded({ ...throughput, samples })
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
  return samples.flatMap(({ second, phase, bytesPerSecond, uploadedBytes }, index) => {
    const before = samples[index - 1]
    const elapsed = before ? second - before.second : 0
    const uploaded = before ? Math.max(0, uploadedBytes - before.uploadedBytes) / elapsed : 0
    const point = { second, phase, readPerSecond: bytesPerSecond, uploadedPerSecond: Math.round(uploaded) }
    if (!before || elapsed <= Math.max(10, stepSeconds * 2)) return [point]
    return [{ second: second - 1, phase: before.phase, readPerSecond: null, uploadedPerSecond: null }, point]
  })
}
