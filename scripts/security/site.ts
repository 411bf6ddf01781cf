import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What the web process offers, found in the file system and in the build, so that whatever is added is covered by itself. */
export type PageFile = { file: string; path: string; source: string }

/** Every page, with `[segments]` filled in from `names`. Throws for a segment that `names` does not know. */
export function listPages(names: (segment: string, path: string) => string): PageFile[] {
  return filesNamed('page.tsx').map((file) => ({
    file,
    path: pathOf(file, names),
    source: readFileSync(join('app', file), 'utf8'),
  }))
}

/** Every route handler with its methods. */
export function listRoutes(names: (segment: string, path: string) => string): (PageFile & { methods: string[] })[] {
  return filesNamed('route.ts').map((file) => {
    const source = readFileSync(join('app', file), 'utf8')
    const found = source.matchAll(/export (?:const|async function|function) ([A-Z]+)\b/g)
    return { file, path: pathOf(file, names), source, methods: [...found].map(([, method]) => method ?? '') }
  })
}

const manifestSchema = z.object({
  node: z.record(z.string(), z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) })),
})

export type ServerAction = { id: string; name: string; path: string }

/** Every server action of the build, with a page that it may be sent to. */
export function listActions(names: (segment: string, path: string) => string): ServerAction[] {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8')))
  return Object.entries(manifest.node).map(([id, { exportedName, workers }]) => ({
    id,
    name: exportedName,
    path: pathOf((Object.keys(workers)[0] ?? '').replace(/^app\//, ''), names),
  }))
}

function filesNamed(name: string): string[] {
  return readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => file === name || file.endsWith(`/${name}`))
    .sort()
}

function pathOf(file: string, names: (segment: string, path: string) => string): string {
  const segments = file.split('/').slice(0, -1)
  const visible = segments.filter((segment) => !segment.startsWith('('))
  return `/${visible.map((segment) => segment.replace(/^\[(.+)\]$/, (_, name) => names(name, file))).join('/')}`
}
