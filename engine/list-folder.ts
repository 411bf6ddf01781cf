import type { z } from 'zod'
import type { Remote } from '@/protocol/remotes'
import type { foldersAnswerSchema } from '@/protocol/worker-api'
import { requireRemoteAllowed } from './check-policy'
import type { RunContext } from './context'
import { RemoteStore } from './remote/remote-store'
import { RunScope } from './run-scope'
import { requireTools } from './tools'

export type Folders = z.infer<typeof foldersAnswerSchema>

const mostFolders = 1000

/**
 * The folders that lie directly in one of a remote, as they are, whatever is encrypted; files are not told. `folder` empty: in the
 * first one; of this host itself, the folders that its policy allows. With `make` it is made before. Throws Problem.
 */
export async function listFolder(
  { remote, folder, make }: { remote: Remote; folder: string; make: boolean },
  context: RunContext,
): Promise<Folders> {
  if (remote.backend === 'local' && folder === '')
    return { folders: context.policy.localRemoteRoots.slice(0, mostFolders), isWhole: true }
  const scope = new RunScope(context)
  try {
    const place: Remote = { ...remote, crypt: undefined, baseFolder: folder }
    await requireRemoteAllowed(context.policy, place)
    await requireTools(scope.signal)
    const opened = await RemoteStore.open(place, {
      temporaryFolder: context.temporaryFolder,
      signal: scope.signal,
      bytesPerSecond: null,
      log: () => {},
    })
    scope.onClose(() => opened.close())
    const store = opened.withAttempts(1)
    if (make && folder !== '') await store.makeFolder('')
    const folders = ((await store.list('')) ?? [])
      .filter(({ isFolder, name }) => isFolder && !/\p{Cc}/u.test(name))
      .map(({ name }) => name.replace(/\/$/, ''))
      .toSorted((one, other) => one.localeCompare(other, 'en'))
    return { folders: folders.slice(0, mostFolders), isWhole: folders.length <= mostFolders }
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}
