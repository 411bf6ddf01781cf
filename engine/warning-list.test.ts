import { expect, test } from 'vitest'
import type { EventBody } from '@/protocol/events'
import { WarningList } from './warning-list'

test('of any number of warnings all are counted, 10,000 are reported, and the manifest names 1000', () => {
  const reported: EventBody[] = []
  const warnings = new WarningList({ report: (event) => reported.push(event) })
  for (let index = 0; index < 10_005; index++) warnings.add({ code: 'changed', text: `${index}` })
  warnings.addUnnamed(5)
  expect(warnings.count).toBe(10_010)
  expect(reported).toHaveLength(10_000)
  expect(warnings.named).toHaveLength(1000)
})
