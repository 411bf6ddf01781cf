import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '@/scripts/servers/free-port'

const portsSchema = z.object({ proxyPort: z.int(), controlPort: z.int() })

/** Ports that stay the same from one start on `folder` to the next. */
export async function keepPorts(folder: string): Promise<z.infer<typeof portsSchema>> {
  const file = join(folder, 'ports.json')
  if (existsSync(file)) return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const ports = { proxyPort: await freePort(), controlPort: await freePort() }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, JSON.stringify(ports))
  return ports
}
