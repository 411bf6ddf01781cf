import { defineConfig } from '@playwright/test'

/**
 * User stories in a real browser. Files run in the order of their names, two at a time, each process against a stack that
 * e2e/start-surroundings.ts starts from the built files; the stories of one file run one after the other.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: '.cache/playwright',
  timeout: 300_000,
  expect: { timeout: 15_000 },
  retries: 0,
  workers: 2,
  reporter: 'list',
  use: {
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
