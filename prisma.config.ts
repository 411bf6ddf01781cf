import { join } from 'node:path'
import { defineConfig } from 'prisma/config'

// Nothing is downloaded: scripts/schema-engine.mjs answers in the place of Prisma's own engine binary.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= join(import.meta.dirname, 'scripts/schema-engine.mjs')

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: 'file:./.cache/development.db' },
})
