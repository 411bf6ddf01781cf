// Makes a fresh Debian machine ready: packages, npm dependencies, generated client. Fast when nothing is missing.
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: process.argv.includes('--for-tests') })
