import { Problem } from '@/protocol/problem'
import { listJournals, readJournal } from './journal'
import { liesAtOrBelow } from './path-mover'

/**
 * An earlier restore in place keeps something beside that belongs to the same trees or databases: exchanging them again would make
 * its undo a mixture. Throws Problem `restore-kept-beside`.
 */
export function refuseOverlap(folder: string, restoreId: string, roots: Buffer[], databases: string[]): void {
  for (const id of listJournals(folder)) {
    const state = readJournal(folder, id)
    if (!state) continue
    const others = state.begin.roots.map((root) => Buffer.from(root, 'base64'))
    const isShared =
      id === restoreId ||
      state.begin.databases.some((database) => databases.includes(database)) ||
      others.some((other) => roots.some((root) => liesAtOrBelow(root, other) || liesAtOrBelow(other, root)))
    if (isShared) throw kept(id)
  }
}

function kept(id: string): Problem {
  return new Problem({
    code: 'restore-kept-beside',
    text: 'An earlier restore in place of the same trees or databases still keeps its old copy.',
    action: 'Undo that restore or drop its old copy first.',
    where: id,
  })
}
