import { Gauge, Registry } from 'prom-client'

/** Gauges of one name; all samples have the same labels. */
export type GaugeFamily = {
  name: string
  help: string
  samples: { labels?: Record<string, string>; value: number }[]
}

/** As Prometheus reads them, in its text format; families without samples are named all the same. */
export async function writeGauges(families: GaugeFamily[]): Promise<{ text: string; contentType: string }> {
  const registry = new Registry()
  for (const { name, help, samples } of families) {
    const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels ?? {})))]
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] })
    for (const { labels, value } of samples) gauge.set(labels ?? {}, value)
  }
  return { text: await registry.metrics(), contentType: registry.contentType }
}
