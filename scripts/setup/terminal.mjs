import { spawn } from 'node:child_process'

export function say(text) {
  console.log(`talekeeper: ${text}`)
}

export function fail(text) {
  console.error(`talekeeper: ${text}`)
  process.exit(1)
}

/** Runs a program to its end. `quiet` keeps its output back unless it fails. Rejects when it does not exit 0. */
export function run(program, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      env: { ...process.env, ...env },
    })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.once('error', reject)
    child.once('close', (exitCode) => {
      if (exitCode === 0) return resolve()
      if (quiet) process.stderr.write(Buffer.concat(output))
      reject(new Error(`${program} ${args.join(' ')} ended with exit code ${exitCode}`))
    })
  })
}
