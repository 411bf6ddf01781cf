import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand } from '@/lib/command'
import { makeSampleTree } from './tree'

async function make(seed: number) {
  const folder = await mkdtemp(join(tmpdir(), 'talekeeper-sample-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const sample = await makeSampleTree(folder, { megabytes: 3, seed })
  const { stdout } = await runCommand('find', {
    arguments: [folder, '-mindepth', '1', '-printf', '%P %y %s %m %n %l\\0'],
  })
  const names = stdout.toString('latin1').split('\0').filter(Boolean).sort()
  return { sample, names: names.filter((name) => !/ d \d+ /.test(name)), count: names.length, folder }
}

test('the same seed gives the same tree, another seed another', { timeout: 30_000 }, async () => {
  const [first, second, other] = [await make(1), await make(1), await make(2)]
  expect(second.names).toEqual(first.names)
  expect(other.names).not.toEqual(first.names)
  expect(first.sample.entries).toBe(first.count)
  const acme = await Promise.all([first, second].map(({ sample }) => readFile(join(sample.configFolder, 'acme.json'))))
  expect(acme[0]).toEqual(acme[1])
})

test('has every kind of odd file', { timeout: 30_000 }, async () => {
  const { names } = await make(3)
  for (const pattern of [
    / l .*\/nowhere\/at all$/,
    / f 67108864 /,
    / f 9 4755 /,
    / f 0 /,
    / f \d+ 600 /,
    /new\nline/,
    /\xff/,
    / f \d+ 644 2 /,
  ])
    expect(
      names.find((name) => pattern.test(name)),
      String(pattern),
    ).toBeDefined()
})
