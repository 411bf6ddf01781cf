import { expect, test } from 'vitest'
import { compareVersions } from '@/protocol/version'
import { fittingTools, toolFits } from './tool-versions'

test('tools are used only for servers that they accept', () => {
  const mongo32 = 4
  const mongo36 = 6
  const mongo70 = 21
  expect(['100.9.4', '100.10.0', '100.18.0'].map((version) => toolFits(version, mongo32))).toEqual([true, false, false])
  expect(['100.9.4', '100.14.1', '100.15.0'].map((version) => toolFits(version, mongo36))).toEqual([true, true, false])
  expect(toolFits('100.18.0', mongo70)).toBe(true)
  expect(toolFits('3.2.11', mongo32)).toBe(false)
})

test('the advice names tools that fit', () => {
  expect(fittingTools(4)).toBe('100.3 to 100.9')
  expect(fittingTools(6)).toBe('100.10 to 100.14')
  expect(fittingTools(21)).toBe('100.15 or newer')
})

test('100.10 is newer than 100.9', () => {
  expect(compareVersions('100.10.0', '100.9.4')).toBeGreaterThan(0)
  expect(compareVersions('100.9.4', '100.9.4')).toBe(0)
})
