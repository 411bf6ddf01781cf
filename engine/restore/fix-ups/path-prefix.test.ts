import { expect, it } from 'vitest'
import { movePath } from './path-prefix'

/** Promise: a root is exchanged as a whole, and nothing that only begins with the same letters is touched. */
it('of a path below the old root the rest stays, and a neighbour of a similar name stays whole', () => {
  const pairs = [{ from: '/tmp/data', to: '/srv/wt' }]
  expect(movePath('/tmp/data/homes/a/ada', pairs)).toBe('/srv/wt/homes/a/ada')
  expect(movePath('/tmp/data', pairs)).toBe('/srv/wt')
  for (const other of ['/tmp/data2/x', '/tmp/dat', '/x/tmp/data', 'tmp/data/x', '/tmp', ''])
    expect(movePath(other, pairs)).toBe(other)
})

it('the first pair that fits counts, and the root of all paths is one too', () => {
  const pairs = [
    { from: '/a/b', to: '/one' },
    { from: '/a', to: '/' },
  ]
  expect(movePath('/a/b/c', pairs)).toBe('/one/c')
  expect(movePath('/a/c', pairs)).toBe('/c')
  expect(movePath('/a', pairs)).toBe('/')
  expect(movePath('/x', [{ from: '/', to: '/old' }])).toBe('/old/x')
})
