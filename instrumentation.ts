/** Runs once when the web process starts, before it serves. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next's own switch; the bundler replaces it by a constant
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startWeb } = await import('@/core/processes/start-web')
  await startWeb()
}
