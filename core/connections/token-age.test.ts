import { describe, expect, it } from 'vitest'
import { expiresInOf, judgeAge } from './token-age'

/** Promise: nobody is handed a token that another is about to kill, whatever anyone does to the wall clock. */
const wall = new Date('2026-11-26T02:00:00Z')
const token = { tokenAt: wall, tokenBootId: 'boot', tokenSteadySeconds: 1000, tokenLifetimeSeconds: 3600 }
const after = (seconds: number) => ({ bootId: 'boot', seconds: 1000 + seconds })
const wallAfter = (seconds: number) => new Date(wall.getTime() + seconds * 1000)

describe('the age of an access token', () => {
  it('lets everyone stop at one instant, and is refreshed after it', () => {
    expect(judgeAge(token, after(0), wall)).toEqual({ state: 'fresh', useSeconds: 3360 })
    expect(judgeAge(token, after(3300), wall)).toEqual({ state: 'fresh', useSeconds: 60 })
    expect(judgeAge(token, after(3361), wall)).toEqual({ state: 'settling', waitSeconds: 4 })
    expect(judgeAge(token, after(3366), wall)).toEqual({ state: 'stale' })
  })

  it.each([-86_400 * 400, -3600, 3600, 86_400 * 400])('is the same when the wall clock jumps by %d s', (jump) => {
    expect(judgeAge(token, after(60), wallAfter(60 + jump))).toEqual({ state: 'fresh', useSeconds: 3300 })
    expect(judgeAge(token, after(4000), wallAfter(4000 + jump))).toEqual({ state: 'stale' })
  })

  it('is told by the wall clock after a restart of the host, and unknown where that went back', () => {
    const anew = { bootId: 'another boot', seconds: 5 }
    expect(judgeAge(token, anew, wallAfter(300))).toEqual({ state: 'fresh', useSeconds: 3060 })
    expect(judgeAge(token, anew, wallAfter(4000))).toEqual({ state: 'stale' })
    expect(judgeAge(token, anew, wallAfter(-10))).toEqual({ state: 'stale' })
  })

  it('is stale where there is no token', () => {
    const none = { tokenAt: null, tokenBootId: null, tokenSteadySeconds: null, tokenLifetimeSeconds: null }
    expect(judgeAge(none, after(0), wall)).toEqual({ state: 'stale' })
  })

  it('reaches rclone as a lifetime that it stops in time by, and never as 0, which means for ever', () => {
    expect(expiresInOf(3360)).toBe(3370)
    expect(expiresInOf(0.4)).toBe(10)
  })
})
