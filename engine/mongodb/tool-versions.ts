import { compareVersions } from '@/protocol/version'

/**
 * Which version of the vendor's tools serves which server. The tools refuse a server whose wire version is below their driver's:
 * 100.15 and newer need MongoDB 4.2, 100.10 to 100.14 need 3.6, older ones 2.6. Secrets need --config, which came with 100.3.
 */
const floors = [
  { tools: [100, 15], wireVersion: 8 },
  { tools: [100, 10], wireVersion: 6 },
  { tools: [100, 3], wireVersion: 2 },
] as const

/** Wire versions of servers that the driver refuses, and the first one that it takes. */
const serversByWireVersion: Record<number, string> = {
  2: '2.6',
  3: '3.0',
  4: '3.2',
  5: '3.4',
  6: '3.6',
  7: '4.0',
  8: '4.2',
}

export function serverOfWireVersion(wireVersion: number): string {
  return serversByWireVersion[wireVersion] ?? (wireVersion < 2 ? 'older than 2.6' : 'newer than 4.2')
}

/** Whether tools of that version (`100.9.4`) serve a server of that wire version. Tools of another numbering are not used. */
export function toolFits(toolVersion: string, wireVersion: number): boolean {
  const floor = floors.find(({ tools }) => compareVersions(toolVersion, tools.join('.')) >= 0)
  return floor !== undefined && wireVersion >= floor.wireVersion
}

/** In words, what to install for a server. */
export function fittingTools(wireVersion: number): string {
  if (wireVersion >= 8) return '100.15 or newer'
  if (wireVersion >= 6) return '100.10 to 100.14'
  return '100.3 to 100.9'
}
