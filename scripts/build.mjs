import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: false })
await buildAll()
