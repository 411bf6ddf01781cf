import type { Direction } from './journal-records'

/**
 * Where a thing can stand: at its `place`, waiting as `fresh`, kept as `old`, or `late`: put there by somebody else while we were
 * about it, and kept beside, since nothing is ever written over.
 */
export type Standing = 'place' | 'fresh' | 'old' | 'late'
export type Move = { from: Standing; to: Standing }

/** What there is. */
export type Seen = { place: boolean; fresh: boolean; old: boolean }

type Sides = { hadOld: boolean; hasNew: boolean }

/**
 * The next rename on the way of one item, from nothing but what there is: so that it does not matter where an earlier process
 * was killed. Null: it stands where the direction wants it.
 */
export function nextMove(item: Sides, seen: Seen, direction: Direction): Move | null {
  return direction === 'forward' ? moveForward(item, seen) : moveBack(item, seen)
}

function moveForward({ hadOld, hasNew }: Sides, { place, fresh, old }: Seen): Move | null {
  const isNewInPlace = hasNew && !fresh
  if (hadOld && !old && place && !isNewInPlace) return { from: 'place', to: 'old' }
  if (!hasNew || !fresh) return null
  return place ? { from: 'place', to: 'late' } : { from: 'fresh', to: 'place' }
}

function moveBack({ hadOld, hasNew }: Sides, { place, fresh, old }: Seen): Move | null {
  const isNewInPlace = hasNew && !fresh && (old || !hadOld)
  if (isNewInPlace && place) return { from: 'place', to: 'fresh' }
  if (!hadOld || !old) return null
  return place ? { from: 'place', to: 'late' } : { from: 'old', to: 'place' }
}
