import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { makeSampleTree } from '@/scripts/sample/tree'
import { startDemoMongo } from '@/scripts/servers/demo-mongo'
import { freePort } from '@/scripts/servers/free-port'
import type { DemoOptions } from './options'

const factsSchema = z.object({
  port: z.int(),
  megabytes: z.number(),
  documents: z.int(),
  entries: z.int(),
  configFolder: z.string(),
})

export type Sample = {
  mongodbUrl: string
  /** what `/mnt/homes` is on a real fileserver */
  homesFolder: string
  configFolder: string
  documents: number
  entries: number
  stop: () => Promise<void>
}

/** Starts the sample instance's MongoDB-compatible server, and fills it and the home tree at the first start. */
export async function prepareSample({ folder, megabytes }: DemoOptions): Promise<Sample> {
  const homesFolder = join(folder, 'instance', 'homes')
  const factsFile = join(folder, 'instance.json')
  const known = existsSync(factsFile) ? factsSchema.parse(JSON.parse(readFileSync(factsFile, 'utf8'))) : undefined
  const port = known?.port ?? (await freePort())
  const server = await startDemoMongo(join(folder, 'mongodb'), { port })
  if (known) return { mongodbUrl: server.url, homesFolder, ...known, stop: server.stop }

  const chunkMegabytes = Math.ceil(megabytes / 15)
  const { documents } = await fillSampleMongodb(server.url, { documents: 20_000, chunkMegabytes })
  const { entries, configFolder } = await makeSampleTree(homesFolder, {
    megabytes: megabytes - chunkMegabytes,
    seed: 1,
  })
  writeFileSync(factsFile, JSON.stringify({ port, megabytes, documents, entries, configFolder }))
  return { mongodbUrl: server.url, homesFolder, configFolder, documents, entries, stop: server.stop }
}
