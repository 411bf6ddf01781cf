import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { freePort } from './free-port'

/** Promise: two servers that are started at the same time, in one process or in two, never get the same port. */
it('gives each port once, also to another process, and none that the kernel gives away by itself', async () => {
  const ours = await Promise.all(Array.from({ length: 300 }, () => freePort()))
  const script = `import { freePort } from './scripts/servers/free-port.ts'
    console.log(JSON.stringify(await Promise.all(Array.from({ length: 300 }, () => freePort()))))`
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script])
  const all = [...ours, ...(JSON.parse(output.toString()) as number[])]
  expect(new Set(all).size).toBe(600)
  expect(all.every((port) => port >= 20_000 && port < 32_768)).toBe(true)
})
