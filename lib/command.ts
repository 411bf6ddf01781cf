import { type StdioOptions, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { commonEnv } from './env'

export type CommandOptions = {
  /** Never a secret: everybody on the host can read them. */
  arguments: string[]
  /** Added to PATH, LC_ALL, TMPDIR, and the settings of proxy and certificates; nothing else of our own environment is handed on. Secrets go here. */
  environment?: Record<string, string>
  workingFolder?: string
  /** `pipe`: see RunningCommand; a number: that open file descriptor */
  stdin?: 'ignore' | 'pipe' | number
  stdout?: 'ignore' | 'pipe' | number
  /** Ends the command: SIGTERM, and SIGKILL two seconds later. */
  signal?: AbortSignal | undefined
  /** Called with each line of stderr (without the newline; longer than 64 KiB is cut). */
  onStderrLine?: (line: string) => void
  /** Of stderr, only the last so many bytes are kept for the result. Default 64 KiB. */
  keepStderrBytes?: number
  /** nice 10 and the lowest best-effort I/O class, so that a backup never slows the instance. Default true. */
  lowPriority?: boolean
}

export type CommandResult = {
  /** null when a signal ended it */
  exitCode: number | null
  endedBy: NodeJS.Signals | null
  /** the last part of stderr, as UTF-8 with replacement characters */
  stderr: string
}

export type RunningCommand = {
  pid: number
  stdin: Writable | null
  stdout: Readable | null
  /** Settles when the command has ended and its pipes are closed. Rejects only when it could not be started, or with the signal's reason. */
  finished: Promise<CommandResult>
  kill: (signal?: NodeJS.Signals) => void
}

/** A program that is not installed, or not executable. */
export class CommandNotFound extends Error {
  override readonly name = 'CommandNotFound'
  readonly program: string
  constructor(program: string, options?: ErrorOptions) {
    super(`${program} is not installed on this host`, options)
    this.program = program
  }
}

/** A program that printed more than its caller is ready to keep. */
export class OutputTooLong extends Error {
  override readonly name = 'OutputTooLong'
}

const killAfterMilliseconds = 2000

/**
 * Starts a program: an argument array, no shell, a clean environment. The child dies with this process, even when that is
 * killed with -9 (`setpriv --pdeathsig`, of util-linux).
 */
export function startCommand(program: string, options: CommandOptions): RunningCommand {
  options.signal?.throwIfAborted()
  const stdio: StdioOptions = [options.stdin ?? 'ignore', options.stdout ?? 'pipe', 'pipe']
  const [file, ...prefix] = [
    ...priorityPrefix(options.lowPriority ?? true),
    'setpriv',
    '--pdeathsig=KILL',
    '--',
    program,
  ]
  const child = spawn(file as string, [...prefix, ...options.arguments], {
    stdio,
    cwd: options.workingFolder,
    env: childEnvironment(options.environment),
    shell: false,
  })
  const stderr = collectStderr(child.stderr as Readable, options)

  let killTimer: NodeJS.Timeout | undefined
  const abort = () => {
    child.kill('SIGTERM')
    killTimer = setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds)
  }
  options.signal?.addEventListener('abort', abort, { once: true })

  const finished = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandNotFound(program, { cause })))
    child.once('close', (exitCode, endedBy) => {
      clearTimeout(killTimer)
      options.signal?.removeEventListener('abort', abort)
      if (options.signal?.aborted) return reject(options.signal.reason)
      const text = stderr()
      if (exitCode === 127 && /setpriv: failed to execute/.test(text)) return reject(new CommandNotFound(program))
      resolve({ exitCode, endedBy, stderr: text })
    })
  })
  // a caller that fails before it awaits `finished` must not leave an unhandled rejection behind
  finished.catch(() => {})
  return {
    pid: child.pid ?? -1,
    stdin: child.stdin,
    stdout: child.stdout,
    finished,
    kill: (signal) => child.kill(signal),
  }
}

/** Runs a program to its end and returns its whole stdout (at most `limitBytes`, default 16 MiB; more is an error). `input` goes to its stdin. */
export async function runCommand(
  program: string,
  options: Omit<CommandOptions, 'stdout' | 'stdin'> & { input?: string | Uint8Array; limitBytes?: number },
): Promise<CommandResult & { stdout: Buffer }> {
  const limitBytes = options.limitBytes ?? 16 * 1024 * 1024
  const command = startCommand(program, {
    ...options,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
  })
  if (command.stdin) {
    command.stdin.on('error', () => {}) // a program may end without reading its input; its exit code tells
    command.stdin.end(options.input)
  }
  const chunks: Buffer[] = []
  let size = 0
  command.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limitBytes) chunks.push(chunk)
    else command.kill('SIGKILL')
  })
  const result = await command.finished
  if (size > limitBytes) throw new OutputTooLong(`${program} printed more than ${limitBytes} bytes`)
  return { ...result, stdout: Buffer.concat(chunks) }
}

function priorityPrefix(low: boolean): string[] {
  return low ? ['nice', '-n', '10', 'ionice', '-c', '2', '-n', '7'] : []
}

function childEnvironment(added: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env = commonEnv()
  const variables: Record<string, string> = {
    PATH: env.path,
    LC_ALL: 'C',
    TMPDIR: env.temporaryFolder,
    ...(env.httpsProxy ? { HTTPS_PROXY: env.httpsProxy } : {}),
    ...(env.noProxy ? { NO_PROXY: env.noProxy } : {}),
    // programs in Go trust this file beside the system's folder of certificates, not in its place (crypto/x509, root_unix.go)
    ...(env.extraCaFile ? { SSL_CERT_FILE: env.extraCaFile } : {}),
    ...added,
  }
  // Next's type declarations make NODE_ENV mandatory; other programs have no use for it
  return variables as NodeJS.ProcessEnv
}

const longestLine = 64 * 1024

function collectStderr(stream: Readable, options: CommandOptions): () => string {
  const keepBytes = options.keepStderrBytes ?? 64 * 1024
  let kept = Buffer.alloc(0)
  let line = ''
  stream.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-keepBytes)
    if (!options.onStderrLine) return
    const lines = (line + chunk.toString('latin1')).split('\n')
    line = (lines.pop() ?? '').slice(0, longestLine)
    for (const complete of lines) options.onStderrLine(decode(complete))
  })
  stream.on('end', () => {
    if (line) options.onStderrLine?.(decode(line))
  })
  return () => kept.toString('utf8')
}

/** Lines are split as bytes, so that a character cut in two chunks stays whole. */
function decode(line: string): string {
  return Buffer.from(line.slice(0, longestLine), 'latin1').toString('utf8')
}
