import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Growth, growths } from '@/engine/files/test-tree'
import { Crash, Scene, type SceneSeed } from './exchange-rig'
import { dropBeside, undo } from './lead-to-end'

const collections = fc.dictionary(
  fc.constantFrom('user', 'item', 'folder', 'token', 'tale'),
  fc.array(fc.nat(1000), { maxLength: 5 }).map((numbers) => [...new Set(numbers)]),
)
const views = fc.dictionary(fc.constantFrom('tale', 'published', 'shown'), fc.constantFrom('user', 'item'))

const few = growths.map((tree) => tree.slice(0, 5))

/** The backup has some of what stands in place, and more. */
const seeds: fc.Arbitrary<SceneSeed> = fc
  .record({
    old: few,
    more: few,
    kept: fc.nat(5),
    oldCollections: collections,
    newCollections: collections,
    oldViews: views,
    newViews: views,
  })
  .map(({ more, kept, ...seed }) => ({ ...seed, fresh: [...seed.old.slice(0, kept), ...more] as Growth[] }))

const scenes: Scene[] = []
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.close()
})
async function makeScene(seed: SceneSeed): Promise<Scene> {
  const scene = await Scene.make(seed)
  scenes.push(scene)
  return scene
}

const ours = /__(?:tk|old|late)_/
const genuine = (databases: string[]) => databases.filter((line) => !ours.test(line))

describe('promise: after a crash at any moment the target is exactly the old or exactly the new, never a mixture', () => {
  it('at every line of the journal, written whole, torn or not at all, and once more while recovering', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.nat(), async (seed, pick) => {
        const whole = await makeScene(seed)
        await whole.exchange()
        const lines = whole.records
        const newState = await whole.state()
        for (let line = 1; line <= lines; line++)
          for (const cut of ['not', 'whole', 'torn'] as const) {
            if (cut !== 'not' && line === 1) continue
            const scene = await makeScene(seed)
            const oldState = await scene.state()
            await expect(scene.exchange(line)).rejects.toBeInstanceOf(Crash)
            if (cut !== 'not') scene.cutJournal(cut)
            const isCommitted = scene.isCommitted()
            await scene.recover(1 + (pick % 7)).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error
            })
            const end = await scene.recover()
            expect(['nothing', isCommitted ? 'completed' : 'rolled-back']).toContain(end)
            const state = await scene.state()
            if (isCommitted) {
              expect(namesOf(state.tree)).toEqual(namesOf(newState.tree))
              expect(genuine(state.databases)).toEqual(genuine(newState.databases))
              await undo(scene.options())
              await dropBeside(scene.options())
            }
            expect(await scene.state()).toEqual(oldState)
          }
        for (const scene of scenes.splice(0)) scene.close()
      }),
      { numRuns: 1, endOnFailure: true },
    )
  }, 120_000)
})

const namesOf = (tree: string[]) => tree.map((line) => line.split(' ')[0])
