/** Put in from package.json where the worker is built. */
declare const talekeeperVersion: string | undefined

export const programVersion = typeof talekeeperVersion === 'string' ? talekeeperVersion : 'development'
