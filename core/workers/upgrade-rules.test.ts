import { expect, test } from 'vitest'
import { dashboardVersion, upgradeHint } from './upgrade-rules'

const dashboard = { version: '1.10.0', protocol: '1.2' }

test.each([
  ['1.10.0', '1.2', null],
  ['1.11.0', '1.2', null],
  ['1.9.9', '1.2', 'hint'],
  ['1.9.9', '1.1', 'warning'],
  ['1.10.0', '1.1', 'warning'],
  ['development', '1.2', null],
])('worker %s, protocol %s: %s', (version, protocol, level) => {
  expect(upgradeHint({ version, protocol }, dashboard)?.level ?? null).toBe(level)
})

test('the dashboard knows its own version', () => {
  expect(dashboardVersion).toMatch(/^\d+\.\d+\.\d+/)
})
