import { settingsSchemas } from './schema'

/** Whether a MongoDB source is reached by the worker itself: restores, which read and write by the driver, need that. */
export function isReachedDirectly(source: { settings: unknown }): boolean {
  return settingsSchemas.mongodb.safeParse(source.settings).data?.reach === 'direct'
}
