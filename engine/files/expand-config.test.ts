import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expandConfig } from './expand-config'
import { isMatch } from './name-pattern'
import { configSource, makeTemporaryFolder } from './test-archive'

/** Promise: patterns find what is there when a backup is made, nothing outside the policy, and never silently nothing. */

const { signal } = new AbortController()

async function makePlace() {
  const place = await makeTemporaryFolder()
  const root = join(place, 'allowed')
  for (const name of ['allowed/conf.d', 'allowed/sites/a', 'allowed/sites/b', 'forbidden/a'])
    mkdirSync(join(place, name), { recursive: true })
  for (const name of ['conf.d/10.yaml', 'conf.d/20.yaml', 'conf.d/.hidden.yaml', 'conf.d/readme'])
    writeFileSync(join(root, name), 'x')
  for (const name of ['allowed/sites/a/site.conf', 'allowed/sites/b/site.conf', 'forbidden/a/site.conf'])
    writeFileSync(join(place, name), 'x')
  symlinkSync('../../forbidden/a', join(root, 'sites/way-out'))
  symlinkSync('../forbidden', join(root, 'link'))
  const nothing = { restoreRoots: [], localRemoteRoots: [], backends: [], mongodb: false, inPlaceRestore: false }
  const policy = { version: 1 as const, sourceRoots: [root], ...nothing }
  const expand = async (paths: string[], optionalPaths: string[] = []) => {
    const below = (names: string[]) => names.map((name) => join(root, name))
    const source = { ...configSource(below(paths)), optionalPaths: below(optionalPaths) }
    const found = await expandConfig(source, policy, signal)
    return found.paths.map((path) => path.slice(root.length + 1))
  }
  return { expand }
}

test('patterns stand for what matches now, hidden names left out, and paths stay as they are', async () => {
  const { expand } = await makePlace()
  expect(await expand(['conf.d/*.yaml', 'conf.d/readme'])).toEqual([
    'conf.d/10.yaml',
    'conf.d/20.yaml',
    'conf.d/readme',
  ])
  expect(await expand(['conf.d/?0.y*', 'conf.d/.*'])).toEqual([
    'conf.d/.hidden.yaml',
    'conf.d/10.yaml',
    'conf.d/20.yaml',
  ])
  expect(await expand(['absent'])).toEqual(['absent'])
})

test('a folder that is a link is not gone through', async () => {
  const { expand } = await makePlace()
  expect(await expand(['sites/*/site.conf'])).toEqual(['sites/a/site.conf', 'sites/b/site.conf'])
  await expect(expand(['link/*/site.conf'])).rejects.toMatchObject({ code: 'outside-policy' })
  await expect(expand(['../forbidden/*'])).rejects.toMatchObject({ code: 'outside-policy' })
})

test('a pattern that matches nothing is a failure, unless it may be missing', async () => {
  const { expand } = await makePlace()
  for (const pattern of ['conf.d/*.toml', 'gone/*', 'conf.d/readme/*'])
    await expect(expand([pattern])).rejects.toMatchObject({ code: 'source-missing', action: expect.any(String) })
  expect(await expand(['conf.d'], ['conf.d/*.toml', 'gone', 'gone/*', 'sites/a'])).toEqual(['conf.d', 'sites/a'])
})

test('a pattern that stands for too much is refused', async () => {
  const { expand } = await makePlace()
  const place = await makeTemporaryFolder()
  for (let index = 0; index <= 1000; index++) writeFileSync(join(place, `${index}`), '')
  const policy = {
    ...{ version: 1 as const, sourceRoots: [place], restoreRoots: [], localRemoteRoots: [], backends: [] },
    ...{ mongodb: false, inPlaceRestore: false },
  }
  const all = expandConfig(configSource([join(place, '*')]), policy, signal)
  await expect(all).rejects.toMatchObject({ code: 'too-many-paths' })
  expect(await expand(['conf.d/*'])).toHaveLength(3)
})

test.each([
  ['acme.json', 'acme.json', true],
  ['acme.json', '*', true],
  ['acme.json', '*.json*', true],
  ['acme.json', 'a*e*n', true],
  ['acme.json', '????.json', true],
  ['acme.json', '???.json', false],
  ['acme.json', 'acme', false],
  ['.env', '*', false],
  ['.env', '.*', true],
  ['😀.json', '?.json', true],
  ['a'.repeat(200), `${'*a'.repeat(100)}b`, false],
])('%s matches %s: %s', (name, pattern, expected) => {
  expect(isMatch(name, pattern)).toBe(expected)
})
