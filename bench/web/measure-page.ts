import { percentile } from '../measure'
import type { BenchPage } from './pages'

export type PageResult = BenchPage & {
  /** milliseconds to the last byte of the answer, one request after the other */
  p50: number
  p95: number
  kibibytes: number
}

const warmUps = 3
/** Of an export, which takes seconds, a few are enough. */
const slowRequests = 3

export async function measurePage(
  { url }: { url: string },
  cookie: string,
  page: BenchPage,
  requests: number,
): Promise<PageResult> {
  const get = async () => {
    const start = performance.now()
    const response = await fetch(new URL(page.path, url), { headers: { cookie }, redirect: 'manual' })
    const { byteLength } = await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`${page.path} answered ${response.status}`)
    return { milliseconds: performance.now() - start, byteLength }
  }
  const isSlow = page.path.startsWith('/api/')
  for (let count = 0; count < (isSlow ? 1 : warmUps); count++) await get()
  const answers: Awaited<ReturnType<typeof get>>[] = []
  for (let count = 0; count < (isSlow ? slowRequests : requests); count++) answers.push(await get())
  const times = answers.map(({ milliseconds }) => milliseconds)
  return {
    ...page,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    kibibytes: Math.round((answers[0]?.byteLength ?? 0) / 1024),
  }
}
