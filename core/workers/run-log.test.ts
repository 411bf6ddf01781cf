import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunEvent } from '@/protocol/events'
import { openTestDatabase } from '@/scripts/test-database'
import { runOf } from '@/scripts/test-scene'
import { appendRunLog, type LogLine, readRunLog, streamRunLog } from './run-log'

let logs: string
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestDatabase()
  close = opened.close
  logs = join(opened.folder, 'logs')
})
afterAll(() => close())

const line = (sequence: number, text = `line ${sequence}`): RunEvent => ({
  sequence,
  at: '2027-01-01T00:00:00.000Z',
  body: { type: 'log', level: 'info', text },
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const sequences = (lines: LogLine[]) => lines.map(({ sequence }) => sequence)

async function streamed(run: ReturnType<typeof runOf>): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for await (const found of streamRunLog(run)) lines.push(found)
  return lines
}

describe('a log', () => {
  test('is read from its end: the latest, those after, those before, each once although a batch came twice', async () => {
    const run = runOf('backup', 'doubled')
    appendRunLog(
      run,
      [1, 2, 3].map((sequence) => line(sequence)),
    )
    appendRunLog(
      run,
      [2, 3, 4].map((sequence) => line(sequence, `${'ä'.repeat(90_000)} ${sequence}`)),
    )
    appendRunLog({ ...run, attempt: 2 }, [line(1)])
    expect(sequences(readRunLog(run, { limit: 3 }).lines)).toEqual([3, 4, 1])
    expect(sequences(readRunLog(run, { limit: 9, after: { attempt: 1, sequence: 3 } }).lines)).toEqual([4, 1])
    const earlier = readRunLog(run, { limit: 2, before: { attempt: 1, sequence: 4 } })
    expect(earlier).toMatchObject({ hasEarlier: true, isCut: false })
    expect(sequences(earlier.lines)).toEqual([2, 3])
    expect(readRunLog(run, { limit: 2, before: { attempt: 1, sequence: 3 } }).hasEarlier).toBe(false)
    expect(sequences(await streamed(run))).toEqual([1, 2, 3, 4, 1])
  })

  test('is searched in upper and lower case, in the text alone', () => {
    const run = runOf('backup', 'searched')
    const texts = ['say "Hello" to /srv', 'nothing', 'HELLO\nagain', 'info']
    appendRunLog(
      run,
      texts.map((text, index) => line(index + 1, text)),
    )
    expect(sequences(readRunLog(run, { text: 'hello', limit: 9 }).lines)).toEqual([1, 3])
    expect(sequences(readRunLog(run, { text: '"hello"', limit: 9 }).lines)).toEqual([1])
    expect(sequences(readRunLog(run, { text: 'Info', limit: 9 }).lines)).toEqual([4])
    expect(readRunLog(run, { text: 'attempt', limit: 9 }).lines).toEqual([])
  })

  test('of 100 MB is bounded on disk, keeps its newest lines, and says that the oldest are gone', async () => {
    const run = runOf('backup', 'large')
    const text = 'x'.repeat(4000)
    const batches = range(0, 49)
    for (const batch of batches)
      appendRunLog(
        run,
        range(batch * 500 + 1, batch * 500 + 500).map((n) => line(n, text)),
      )
    const bytes = readdirSync(logs)
      .filter((name) => name.includes('large'))
      .reduce((sum, name) => sum + statSync(join(logs, name)).size, 0)
    expect(bytes).toBeLessThan(24 * 1024 * 1024)
    const tail = readRunLog(run, { limit: 300 })
    expect(sequences(tail.lines)).toEqual(range(24_701, 25_000))
    expect(tail).toMatchObject({ hasEarlier: true, isCut: true })
    const kept = sequences(await streamed(run))
    expect(kept.at(-1)).toBe(25_000)
    expect(kept).toEqual(range(kept[0] ?? 0, 25_000))
  })

  test('with a line cut by a crash, or rubbish in it, gives the others', async () => {
    const run = runOf('backup', 'broken')
    appendRunLog(run, [line(1)])
    const file = join(logs, 'backup-broken.log')
    writeFileSync(file, `{"attempt":1,"sequ\n\u0000\n{}\n`, { flag: 'a' })
    appendRunLog(run, [line(2)])
    expect(sequences(readRunLog(run, { limit: 9 }).lines)).toEqual([1, 2])
    expect(sequences(await streamed(run))).toEqual([1, 2])
    expect(readRunLog(runOf('backup', 'none'), { limit: 9 })).toEqual({ lines: [], hasEarlier: false, isCut: false })
  })
})
