import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type ExchangeRig, openExchangeRig, runExchangeRound } from './exchange-round'

/** A few rounds of what `npm run soak -- --only exchanges` does two hundred times. */
let open: ExchangeRig
beforeAll(async () => {
  open = await openExchangeRig(inject('mongodbUrl'))
})
afterAll(() => open.stop())

test.each([0.2, 0.5, 0.7, 0.8, 0.95])(
  'promise: kill -9 of a restore in place, at %d of its way: exactly the old or exactly the new, undone and left without a trace',
  async (part) => {
    const { end, committed } = await runExchangeRound(open, 20_261_126, Math.floor(part * open.reports))
    expect(end).toBe(committed ? 'new' : 'old')
  },
)
