import { expect, test } from 'vitest'
import { changeWords } from './change-words'

test.each([
  [100, 112, '+12 (+12%)'],
  [1000, 997, '−3 (−0.3%)'],
  [100_000, 100_001, '+1 (< 0.1%)'],
  [0, 5, '+5'],
  [5, 5, 'the same'],
  [null, 5, 'new'],
  [5, null, 'gone'],
  [null, null, ''],
])('from %s to %s is “%s”', (before, now, words) => {
  expect(changeWords({ before, now }, String)).toBe(words)
})
