import type { SealedPlace } from '@/lib/crypto'

export function sealedSpecPlace(askId: string): SealedPlace {
  return { table: 'Ask', row: askId, field: 'spec' }
}
