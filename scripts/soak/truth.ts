import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { sha256Hex } from '@/lib/crypto'
import { type Backup, type Copy, db } from '@/lib/db'
import { manifestSchema } from '@/protocol/manifest'
import type { Rig } from './rig'

type Place = Pick<Rig, 'remoteFolder'>

/** Where the dashboard's rows and what lies on the remote do not say the same. Empty: every state is true. */
export async function untruths(rig: Place): Promise<string[]> {
  const backups = await db().backup.findMany({ include: { copies: true } })
  const found = backups.flatMap((backup) =>
    untruthsOf(rig, backup).map((text) => `${backup.state} ${backup.id}: ${text}`),
  )
  const known = new Set(backups.map(({ folder }) => folder))
  const strangers = foldersOn(rig).filter((folder) => !known.has(folder))
  return [...found, ...strangers.map((folder) => `nobody knows the folder ${folder} on the remote`)]
}

function untruthsOf(rig: Place, backup: Backup & { copies: Copy[] }): string[] {
  const presence = backup.copies[0]?.presence
  const folder = backup.folder ? join(rig.remoteFolder, backup.folder) : null
  if (backup.state === 'succeeded' || backup.state === 'warning') {
    if (presence !== 'present') return [`its presence is ${presence}`]
    return folder ? brokenFiles(folder, backup.manifestSha256) : ['it has no folder']
  }
  const isThere = folder !== null && existsSync(folder)
  return [
    ...(presence === 'present' ? ['it counts as present'] : []),
    ...(isThere && presence !== 'leftover' ? [`its folder is there, but its presence is ${presence}`] : []),
    ...(isThere && existsSync(join(folder, 'manifest.json')) ? ['its folder holds a manifest'] : []),
  ]
}

/** The manifest must be the one that was signed, and every part that it names must be there and whole. */
function brokenFiles(folder: string, manifestSha256: string | null): string[] {
  const file = join(folder, 'manifest.json')
  if (!existsSync(file)) return ['it has no manifest on the remote']
  const text = readFileSync(file, 'utf8')
  if (sha256Hex(text) !== manifestSha256) return ['the manifest on the remote is another one']
  const parts = manifestSchema.parse(JSON.parse(text)).artifacts.flatMap((artifact) => artifact.parts)
  return parts
    .filter(({ name, sha256 }) => !existsSync(join(folder, name)) || sha256OfFile(join(folder, name)) !== sha256)
    .map(({ name }) => `the part ${name} is missing or damaged`)
}

function sha256OfFile(file: string): string {
  return sha256Hex(readFileSync(file))
}

/** `<day>/<time>Z-<plan>` of every folder that holds a file. */
function foldersOn({ remoteFolder }: Place): string[] {
  if (!existsSync(remoteFolder)) return []
  const days = readdirSync(remoteFolder)
    .map((name) => join(remoteFolder, name))
    .filter((path) => statSync(path).isDirectory())
  const folders = days.flatMap((day) => readdirSync(day).map((name) => join(day, name)))
  return folders.filter((path) => readdirSync(path).length > 0).map((path) => relative(remoteFolder, path))
}
