import { defineConfig } from 'vitest/config'

const shared = {
  resolve: { alias: { '@': import.meta.dirname } },
}

/** Unit tests stand beside their file; integration tests meet real servers that scripts/servers/ starts once for all. */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{app,components,core,e2e,engine,lib,protocol,worker,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          setupFiles: ['scripts/vitest-strict.ts'],
          // real databases and files on a machine that may be busy
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{app,core,e2e,engine,lib,worker,scripts}/**/*.integration.test.ts'],
          setupFiles: ['scripts/vitest-strict.ts'],
          globalSetup: ['scripts/vitest-servers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // after the unit tests, as these take most of the machine
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
