import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'

/** The address of a ping is its password. */
export function sealPing(id: string, url: string): string {
  return seal(url, placeOf(id), controlPlaneEnv().sealingKey)
}

export function unsealPing({ id, url }: { id: string; url: string }): string {
  return unseal(url, placeOf(id), controlPlaneEnv().sealingKey)
}

function placeOf(id: string) {
  return { table: 'Ping', row: id, field: 'url' }
}
