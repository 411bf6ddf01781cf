import { expect, test } from 'vitest'
import { type ExpectedRun, findCollisions } from './collisions'

const hour = (hours: number) => new Date(Date.parse('2027-03-01T00:00:00Z') + hours * 3_600_000)

function run(id: string, from: number, until: number, facts: Partial<ExpectedRun> = {}): ExpectedRun {
  return {
    ...{ plan: { id, name: id }, instance: { id, name: id }, workers: [id], remotes: [id] },
    ...{ startsAt: hour(from), endsAt: hour(until), ...facts },
  }
}

test('runs collide while they overlap and share a worker, an instance or a remote, and only then', () => {
  const runs = [
    run('a', 0, 3, { remotes: ['box'] }),
    run('b', 2, 4, { remotes: ['box'] }),
    run('c', 2, 4),
    // touches, but does not overlap
    run('d', 3, 5, { remotes: ['box'], workers: ['a'] }),
    // the same plan once more is no collision: it is skipped as still running
    run('a', 2, 3, { remotes: ['box'] }),
  ]
  const found = findCollisions(runs).map(({ from, runs, shared }) => [
    from,
    runs.map(({ plan }) => plan.id).join(),
    shared.join(),
  ])
  expect(found).toEqual([
    [hour(2), 'a,b', 'remote'],
    [hour(2), 'b,a', 'remote'],
    [hour(3), 'b,d', 'remote'],
  ])
})
