import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandNotFound, runCommand, startCommand } from './command'

describe('programs', () => {
  it('get a clean environment: nothing of ours leaks into a tool that may log it', async () => {
    process.env.MARKER_SECRET = 'hunter2'
    const { stdout } = await runCommand('env', { arguments: [], environment: { GIVEN: '1' } })
    expect(stdout.toString()).toMatch(/^GIVEN=1$/m)
    expect(stdout.toString()).not.toContain('hunter2')
  })

  it('see arguments as they are: no shell reads them', async () => {
    const hostile = '$(touch /tmp/pwned); `id` "\n'
    const { stdout } = await runCommand('printf', { arguments: ['%s', hostile] })
    expect(stdout.toString()).toBe(hostile)
  })

  it('that do not exist are named', async () => {
    await expect(runCommand('no-such-program', { arguments: [] })).rejects.toThrow(CommandNotFound)
  })

  it('are ended by the signal, even when they ignore SIGTERM, and leave no process behind', async () => {
    const cancel = new AbortController()
    const command = startCommand('sh', {
      arguments: ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'],
      signal: cancel.signal,
    })
    await new Promise((resolve) => command.stdout?.once('data', resolve))
    cancel.abort(new Error('cancelled by test'))
    await expect(command.finished).rejects.toThrow('cancelled by test')
    expect(existsSync(`/proc/${command.pid}`)).toBe(false)
  })

  it('may print a great deal on stderr without filling our memory: the end is kept, each line is seen', async () => {
    let lines = 0
    const { stderr, exitCode } = await runCommand('sh', {
      arguments: ['-c', 'seq 1 200000 >&2; exit 3'],
      keepStderrBytes: 1000,
      onStderrLine: () => lines++,
    })
    expect({ exitCode, lines, end: stderr.endsWith('200000\n'), size: stderr.length }).toEqual({
      exitCode: 3,
      lines: 200_000,
      end: true,
      size: 1000,
    })
  })

  it('that print more than the bound are stopped with an error', async () => {
    await expect(runCommand('yes', { arguments: [], limitBytes: 1000 })).rejects.toThrow(/more than 1000 bytes/)
  })
})
