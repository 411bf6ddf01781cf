import { z } from 'zod'
import { box } from './box/box'
import { drive } from './drive/drive'
import { dropbox } from './dropbox/dropbox'
import { onedrive } from './onedrive/onedrive'
import { type Provider, type ProviderId, providerIds } from './provider'

const providers: Record<ProviderId, Provider> = { box, drive, dropbox, onedrive }

export const providerIdSchema = z.enum(providerIds)

/** Throws where a row or a path names a provider that there is none of. */
export function findProvider(id: string): Provider {
  return providers[providerIdSchema.parse(id)]
}

export function listProviders(): Provider[] {
  return Object.values(providers)
}
