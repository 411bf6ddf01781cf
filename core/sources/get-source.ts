import type { z } from 'zod'
import { findSource } from './find-source'
import { settingsSchemas } from './schema'

type SettingsOf<K extends keyof typeof settingsSchemas> = z.output<(typeof settingsSchemas)[K]>

/** A source as the form shows it: everything but the connection. */
export type SourceFacts = {
  id: string
  slug: string
  workerId: string
  plans: { id: string; name: string }[]
} & (
  | { kind: 'mongodb'; settings: SettingsOf<'mongodb'> }
  | { kind: 'tree'; settings: SettingsOf<'tree'> }
  | { kind: 'config'; settings: SettingsOf<'config'> }
)

/** Throws Problem `source-not-found`. */
export async function getSource(instanceSlug: string, slug: string): Promise<SourceFacts> {
  const { id, workerId, kind, settings, plans } = await findSource(instanceSlug, slug)
  const facts = { id, slug, workerId, plans: plans.map(({ plan }) => plan) }
  if (kind === 'mongodb') return { ...facts, kind, settings: settingsSchemas.mongodb.parse(settings) }
  if (kind === 'tree') return { ...facts, kind, settings: settingsSchemas.tree.parse(settings) }
  return { ...facts, kind, settings: settingsSchemas.config.parse(settings) }
}
