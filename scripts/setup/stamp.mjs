import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = '.cache/stamps'

/** Does `work` unless it was done before for the same content of `inputs` (files and folders) and `stillThere` holds. */
export async function onceFor(name, inputs, stillThere, work) {
  const hash = hashOf(inputs)
  const stamp = join(folder, name)
  if (stillThere && readOr(stamp, '') === hash) return false
  await work()
  mkdirSync(folder, { recursive: true })
  writeFileSync(stamp, hash)
  return true
}

function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version)
  for (const file of inputs.flatMap(filesBelow)) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return fallback
  }
}
