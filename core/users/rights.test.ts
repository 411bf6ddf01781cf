import { expect, test } from 'vitest'
import { hasRight, type Right, type Role } from './rights'

test.each<[Role, Right, boolean]>([
  ['viewer', 'view', true],
  ['viewer', 'operate', false],
  ['viewer', 'administer', false],
  ['operator', 'view', true],
  ['operator', 'operate', true],
  ['operator', 'administer', false],
  ['admin', 'view', true],
  ['admin', 'operate', true],
  ['admin', 'administer', true],
])('%s may %s: %s', (role, right, expected) => {
  expect(hasRight(role, right)).toBe(expected)
})
