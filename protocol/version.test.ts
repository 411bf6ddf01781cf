import { expect, test } from 'vitest'
import { acceptedProtocol, protocolVersion } from './version'

/** Promise: a dashboard works with workers of its own and of the previous minor version, and tells all others which side to upgrade. */

test.each([
  ['2.3', '2.3'],
  ['2.2', '2.2'],
])('a dashboard of 2.3 takes a worker of %s', (header, accepted) => {
  expect(acceptedProtocol(header, '2.3')).toBe(accepted)
})

test('a worker that writes no minor version speaks its first', () => {
  expect(acceptedProtocol('1', '1.1')).toBe('1.0')
  expect(acceptedProtocol(protocolVersion)).toBe(protocolVersion)
})

test.each([
  ['2.1', /upgrade Talekeeper on the host of the worker/],
  ['1.9', /upgrade Talekeeper on the host of the worker/],
  ['2.4', /upgrade the dashboard/],
  ['3.0', /upgrade the dashboard/],
  [null, /upgrade talekeeper on the host/i],
  ['', /upgrade talekeeper on the host/i],
  ['2.3; x', /upgrade talekeeper on the host/i],
])('a dashboard of 2.3 refuses %s', (header, action) => {
  expect(() => acceptedProtocol(header, '2.3')).toThrow(
    expect.objectContaining({ code: 'protocol-mismatch', action: expect.stringMatching(action) }),
  )
})
