import { isAtOrBelow } from '@/engine/files/archive-plan'

export type PathPair = { from: string; to: string }

/** A path with its beginning exchanged, by the first pair whose `from` it is or lies below: whole names only, never `/mnt/homes2`. */
export function movePath(path: string, pairs: PathPair[]): string {
  const pair = pairs.find(({ from }) => isAtOrBelow(path, from))
  if (!pair) return path
  const rest = pair.from === '/' ? path : path.slice(pair.from.length)
  return pair.to === '/' ? rest || '/' : rest === '/' ? pair.to : pair.to + rest
}
