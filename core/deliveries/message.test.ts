import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesContentSchema, type Entry, tellings } from './content'
import { gatherEntries } from './gather-entries'
import { changesMessage, type Message, oneLine } from './message'
import { retryAfterMilliseconds } from './retry-after'
import { writeHtml } from './write-html'
import { writeMatrix } from './write-matrix'
import { neutral, writeSlack } from './write-slack'
import { writeTeams } from './write-teams'
import { writeText } from './write-text'

/** Promise: a message says what happened in its subject already; whatever stands in a name, no markup and no header comes out of it. */

const at = '2026-11-23T15:00:00.000Z'
const entryOf = (changes: Partial<Entry> = {}): Entry => ({
  ...{ change: 'opened', incidentId: '3b241101-e2bb-4255-8caf-4136c566a962', kind: 'backup-overdue' },
  ...{ severity: 'critical', title: '“nightly” of Production is overdue', text: 'Since two.', meaning: 'Loss.' },
  ...{ action: 'Look.', href: '/plans/1', ending: null, isBrief: false, since: '2026-11-23T12:00:00.000Z', at },
  instances: [{ id: '3b241101-e2bb-4255-8caf-4136c566a963', name: 'Production', environment: 'production' }],
  ...changes,
})
const url = 'https://backups.example.org'
const messageOf = (entries: Entry[], leftOut = 0) => changesMessage({ entries, leftOut }, url)

describe('subjects', () => {
  const one = '“nightly” of Production is overdue'
  it.each<[Partial<Entry>, string]>([
    [{}, `Critical: ${one}`],
    [{ severity: 'notice' }, `Notice: ${one}`],
    [{ change: 'worsened' }, `Now critical: ${one}`],
    [{ change: 'returned' }, `Back again: ${one}`],
    [{ change: 'reminded' }, `Still so after 3 hours: ${one}`],
    [{ change: 'closed', ending: 'recovered' }, `Recovered after 3 hours: ${one}`],
    [{ change: 'closed', ending: 'paused' }, `Not watched any more, as it is paused: ${one}`],
    [{ change: 'closed', ending: 'gone' }, `No longer there: ${one}`],
  ])('%j', (changes, subject) => {
    expect(messageOf([entryOf(changes)]).subject).toBe(subject)
  })
  it('of a storm count, and name the worst', () => {
    const storm = [
      entryOf({ severity: 'warning', title: 'Low' }),
      entryOf({ change: 'closed', ending: 'recovered', title: 'Well' }),
      entryOf({ title: 'Worst' }),
    ]
    expect(messageOf(storm).subject).toBe('1 critical, 1 warning, 1 recovered: Worst')
    expect(messageOf(storm).entries.map(({ severity }) => severity)).toEqual(['critical', 'warning', null])
  })
})

const id = (number: number) => `3b241101-e2bb-4255-8caf-${String(number).padStart(12, '0')}`

describe('gathering', () => {
  const gather = (...changes: Partial<Entry>[]) =>
    changes.reduce((content, change) => gatherEntries(content, [entryOf(change)]), {
      entries: [] as Entry[],
      leftOut: 0,
    })
  it.each<[string, Partial<Entry>[], Partial<Entry>]>([
    ['opened and over', [{}, { change: 'closed', ending: 'recovered' }], { change: 'closed', isBrief: true }],
    ['over alone', [{ change: 'closed', ending: 'recovered' }], { change: 'closed', isBrief: false }],
    ['opened and reminded', [{}, { change: 'reminded' }], { change: 'opened' }],
    ['opened and worse', [{ severity: 'warning' }, { change: 'worsened' }], { change: 'opened', severity: 'critical' }],
    ['over and back', [{ change: 'closed' }, { change: 'returned' }], { change: 'returned' }],
    ['up, down and up', [{}, { change: 'closed' }, { change: 'returned' }], { change: 'opened' }],
  ])('%s', (_, changes, expected) => {
    const { entries } = gather(...changes)
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject(expected)
  })
  it('keeps a message readable, and counts what it leaves out', () => {
    const many = Array.from({ length: 130 }, (_, index) => entryOf({ incidentId: id(index) }))
    const content = gatherEntries({ entries: [], leftOut: 0 }, many)
    expect(content.entries).toHaveLength(100)
    expect(content.leftOut).toBe(30)
    expect(messageOf(content.entries, content.leftOut).more).toMatch(/30 more/)
  })
  it('whatever comes in: one entry an incident, and it stays a valid content', () => {
    const change = fc.record({
      change: fc.constantFrom(...tellings),
      incidentId: fc.integer({ min: 0, max: 5 }).map(id),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const content = gather(...changes)
        expect(new Set(content.entries.map(({ incidentId }) => incidentId)).size).toBe(content.entries.length)
        expect(changesContentSchema.parse(content)).toEqual(content)
      }),
    )
  })
})

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=y>',
    'a\r\nBcc: eve@example.org',
    '[x](javascript:y)',
  ),
  fc.constantFrom('{{DATE(2017-02-14T06:00:00Z)}}', '{{{', '$\u007Bx}', '<at>Ada</at>', '@room'),
  fc.constantFrom('<!channel>', '@everyone', '`code`', '# Head', 'http://evil.example/', '\u202Egnp.exe', "'&amp;'"),
)

it('whatever stands in names and texts: one line in the subject, no tag of theirs in HTML, no mention in Slack, nothing but runs in Teams', () => {
  fc.assert(
    fc.property(nasty, nasty, nasty, (title, text, name) => {
      const instances = [{ id: id(1), name, environment: 'testing' as const }]
      const message = messageOf([entryOf({ title, text, instances, meaning: text, action: title })])
      expect(message.subject).not.toMatch(/[\r\n\u2028\u2029]|\p{Cc}/u)
      const plain = writeHtml(messageOf([entryOf({ title: 'T', text: 'T', meaning: 'T', action: 'T', instances: [] })]))
      const tags = (html: string) => html.match(/<[a-z!/][^>]*>/gi)?.length
      const withInstance = (html: string) => (tags(html) ?? 0) - 6
      expect(withInstance(writeHtml(message))).toBe(tags(plain))
      for (const written of writeSlack(message).attachments.flatMap((one) => [one.title, one.text]))
        expect(written).not.toMatch(/<|>|[@*_~`[\]!#|](?!\u200B)/)
      expect(Object.keys(writeMatrix(message))).toEqual(['msgtype', 'body', 'm.mentions'])
      const shape = (value: Message) => JSON.stringify(writeTeams(value), (key, part) => (key === 'text' ? '' : part))
      const blocks = writeTeams(message).attachments[0]?.content.body ?? []
      for (const { type, inlines } of blocks) {
        expect(type).toBe('RichTextBlock')
        for (const run of inlines) expect(run.text).not.toMatch(/\{\{|\$\{/)
      }
      expect(shape({ ...message, subject: 'S' })).toBe(shape({ ...message, subject: 'S', entries: reworded(message) }))
      expect(
        writeText(message)
          .split('\n')
          .filter((line) => line.startsWith('  Since:')).length,
      ).toBe(1)
    }),
  )
})

/** The same entries with harmless texts. */
function reworded({ entries }: Message): Message['entries'] {
  return entries.map((entry) => ({
    ...entry,
    headline: 'H',
    lines: entry.lines.map(() => ({ label: 'L', text: 'T' })),
  }))
}

it('a storm in the longest words stays below what Teams (28 KB) and Matrix (64 KiB) take', () => {
  const long = '\u{1F4A5}'.repeat(2000)
  const storm = Array.from({ length: 100 }, (_, index) =>
    entryOf({ incidentId: id(index), title: long, text: long, meaning: long, action: long }),
  )
  const message = messageOf(storm, 7)
  expect(Buffer.byteLength(JSON.stringify(writeTeams(message)))).toBeLessThan(28_000)
  expect(Buffer.byteLength(JSON.stringify(writeMatrix(message)))).toBeLessThan(60_000)
  expect(JSON.stringify(writeTeams(message))).toMatch(/9\d more are on the page of incidents\./)
})

it('a pause that is asked for is read in seconds and as a date, and nothing else is taken for one', () => {
  const now = new Date('2026-11-20T12:00:00Z')
  const read = (header?: string) => retryAfterMilliseconds(header, now)
  expect(read('120')).toBe(120_000)
  expect(read('Fri, 20 Nov 2026 12:05:00 GMT')).toBe(300_000)
  expect(read('Fri, 20 Nov 2026 11:00:00 GMT')).toBe(0)
  expect([read('soon'), read(''), read()]).toEqual([null, null, null])
})

it('neutral text reads as it was', () => {
  expect(neutral('A & <b> *c*').replaceAll('\u200B', '')).toBe('A &amp; &lt;b&gt; *c*')
  expect(oneLine('a\u202Eb\r\n\tc')).toBe('a b c')
})
