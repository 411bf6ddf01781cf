import type { Move, Seen } from './next-move'

/** How things of one kind are looked for and moved. */
export type Mover<Item> = {
  see: (item: Item) => Promise<Seen>
  /** one rename, which is on the disk when this resolves; never writes over anything */
  move: (item: Item, move: Move) => Promise<void>
  /** how a person would call it */
  words: (item: Item) => string
}
