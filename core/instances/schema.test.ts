import { expect, test } from 'vitest'
import { createInstanceSchema, updateInstanceSchema } from './schema'

/** Promise: names in any script are taken as they are written, and what a form sends is right or refused at its field. */

const settings = { name: 'Whole Tale', environment: 'production' }

test.each(['محطة بياض', 'שרשרת ייצור', 'می‌خواهم', '全故事 生产', 'Čeněk', 'Zoë'.normalize('NFD'), '👩‍🔬 Labor 🏴󠁧󠁢󠁷󠁬󠁳󠁿'])(
  'the name %s is taken',
  (name) => {
    expect(updateInstanceSchema.parse({ ...settings, name }).name).toBe(name.normalize('NFC'))
  },
)

test.each([
  ['an override of the direction', 'prod\u202Etset'],
  ['an isolate that never ends', 'prod\u2067'],
  ['a line break', 'a\nb'],
  ['a terminal sequence', '\u001B[31mred'],
  ['nothing that can be seen', '\u200D\u200C'],
  ['blanks', ' \u00A0 '],
])('a name with %s is refused', (_, name) => {
  expect(updateInstanceSchema.safeParse({ ...settings, name }).error?.issues[0]?.path).toEqual(['name'])
})

test('slugs are ASCII', () => {
  for (const slug of ['wt-żółw', 'wt-生产', 'wt prod', 'WT'])
    expect(createInstanceSchema.safeParse({ ...settings, slug }).success, slug).toBe(false)
})

test('blank fields are settings that are not chosen', () => {
  const blank = { timeZone: '', ownerContact: ' ', rpoHours: '', rtoHours: '', notes: '' }
  expect(updateInstanceSchema.parse({ ...settings, ...blank })).toEqual({
    ...settings,
    ...{ timeZone: null, ownerContact: null, rpoHours: null, rtoHours: null, notes: null },
  })
})

test.each([
  ['timeZone', 'America/Nowhere'],
  ['rpoHours', '0'],
  ['rtoHours', '1.5'],
  ['rtoHours', '-3'],
  ['ownerContact', 'x'.repeat(501)],
  ['notes', 'x'.repeat(20_001)],
])('%s cannot be %s', (field, value) => {
  expect(updateInstanceSchema.safeParse({ ...settings, [field]: value }).error?.issues[0]?.path).toEqual([field])
})
