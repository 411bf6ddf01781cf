import { describe, expect, it } from 'vitest'
import { testWarnings, throughputOf } from './test-warnings-rules'

const step = (name: 'write' | 'read', milliseconds: number, ok = true) => ({ name, ok, milliseconds, problem: null })
const facts = {
  hashes: ['sha1'],
  features: { caseInsensitive: false, renames: true },
  quota: null,
  probeBytes: 1_000_000,
  steps: [step('write', 500), step('read', 100, false)],
}

describe('what one is told after a test', () => {
  it('is nothing where nothing is odd', () => {
    expect(testWarnings('sftp', facts)).toEqual([])
  })

  it('are missing hashes, the trash, names without case, and little room', () => {
    const odd = {
      ...facts,
      hashes: ['quickxor'],
      features: { caseInsensitive: true, renames: true },
      quota: { totalBytes: 1e12, usedBytes: 1e12, freeBytes: 1000, trashedBytes: null },
    }
    const words = testWarnings('onedrive', odd).join('\n')
    for (const part of ['read back', 'trash', 'upper and lower case', 'little room']) expect(words).toContain(part)
  })

  it('is a throughput only of a step that worked', () => {
    expect(throughputOf(facts, 'write')).toBe(2_000_000)
    expect(throughputOf(facts, 'read')).toBeNull()
  })
})
