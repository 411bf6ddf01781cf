import { describe, expect, test } from 'vitest'
import { judgeCopy } from './judge-copy'

const now = new Date('2027-01-01T00:00:00Z')
const faults = [{ code: 'part-missing', text: 'It is gone.' }]
const present = { presence: 'present', verification: 'uploaded', faultsBy: null } as const
const missing = (faultsBy: 'listing' | 'readBack') =>
  ({ presence: 'missing', verification: 'readBack', faultsBy }) as const
const by = (kind: 'listing' | 'readBack' | 'adoption', found = faults) => ({ kind, faults: found })

describe('a verdict on a copy', () => {
  test.each(['listing', 'readBack', 'adoption'] as const)(
    'with faults makes it missing, whatever found them: %s',
    (kind) => {
      expect(judgeCopy(present, by(kind), now)).toEqual({ presence: 'missing', faults, faultsBy: kind })
    },
  )

  test('that reads every byte back is the one that proves it', () => {
    const proven = { presence: 'present', verification: 'readBack', verifiedAt: now, faults: null, faultsBy: null }
    expect(judgeCopy(present, by('readBack', []), now)).toEqual(proven)
    expect(judgeCopy(missing('readBack'), by('readBack', []), now)).toEqual(proven)
  })

  test('of a listing makes it present again where names and sizes were the fault, but proves no more than an upload', () => {
    expect(judgeCopy(missing('listing'), by('listing', []), now)).toMatchObject({
      presence: 'present',
      verification: 'uploaded',
    })
    expect(judgeCopy(present, by('listing', []), now)).toBeNull()
  })

  test('promise: names and sizes never absolve what was read out of the bytes', () => {
    expect(judgeCopy(missing('readBack'), by('listing', []), now)).toBeNull()
    expect(judgeCopy(missing('readBack'), by('listing'), now)).toMatchObject({ faultsBy: 'readBack' })
  })

  test('never lowers a drill', () => {
    const drilled = { ...present, verification: 'drilled' } as const
    expect(judgeCopy(drilled, by('readBack', []), now)).not.toHaveProperty('verification')
  })

  test.each(['absent', 'leftover', 'pruned'] as const)('changes nothing of one that is %s', (presence) => {
    for (const kind of ['listing', 'readBack'] as const)
      for (const found of [[], faults]) expect(judgeCopy({ ...present, presence }, by(kind, found), now)).toBeNull()
  })
})
