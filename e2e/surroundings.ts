/** What start-surroundings.ts has made for the stories of this process, handed over in its environment. */
export type Surroundings = {
  url: string
  firstRunUrl: string
  mongodbUrl: string
  /** for whatever a story makes: a worker's state, a remote */
  folder: string
  instanceFolder: string
  configFolder: string
  /** stand-ins for Box, Drive, Dropbox and OneDrive: how to steer them (control-client.ts), and the way there */
  fakeProviders: { controlUrl: string; proxyUrl: string }
}

export function surroundings(): Surroundings {
  return JSON.parse(process.env.E2E_SURROUNDINGS ?? '{}')
}
