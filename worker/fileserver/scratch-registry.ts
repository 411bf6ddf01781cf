import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { absolutePathSchema, idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import type { DiscardSpec, RestoreSpec } from '@/protocol/specs'

const scratchPlaceSchema = z.object({
  restoreId: idSchema,
  /** of the job that made it */
  runId: idSchema,
  folder: absolutePathSchema,
  databasePrefix: z.string().nullable(),
  /** `making`: the restore did not end yet */
  state: z.enum(['making', 'made']),
})
export type ScratchPlace = z.infer<typeof scratchPlaceSchema>

/**
 * Which scratch places this worker itself made, one file each. Only these are ever removed again: a control plane that was
 * taken over cannot name a folder or databases of its choice. No secrets: a discard brings the connection along.
 */
export class ScratchRegistry {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Called before anything is made. Throws a Problem when the folder exists: it would be somebody's else. */
  begin(spec: Pick<RestoreSpec, 'restoreId' | 'target'>, runId: string): void {
    const { folder, mongodb } = spec.target
    if (!isAbsent(folder))
      throw new Problem({
        code: 'scratch-exists',
        text: 'The scratch folder of the restore exists already, and is left alone.',
        action: 'Start the restore again with another folder.',
        where: folder,
      })
    const databasePrefix = mongodb?.databasePrefix ?? null
    this.#write({ restoreId: spec.restoreId, runId, folder, databasePrefix, state: 'making' })
  }

  /** The restore ended. A place of which nothing was made, or nothing is left, is forgotten. */
  settle(restoreId: string): void {
    const place = this.find(restoreId)
    if (!place) return
    const isEmpty = place.databasePrefix === null && isAbsent(place.folder)
    if (isEmpty) this.forget(restoreId)
    else this.#write({ ...place, state: 'made' })
  }

  forget(restoreId: string): void {
    rmSync(this.#file(restoreId), { force: true })
  }

  find(restoreId: string): ScratchPlace | null {
    try {
      return scratchPlaceSchema.parse(JSON.parse(readFileSync(this.#file(restoreId), 'utf8')))
    } catch {
      return null
    }
  }

  /** Restores that an earlier process began and did not end. */
  listUnfinished(): ScratchPlace[] {
    const ids = readdirSync(this.#folder).filter((name) => name.endsWith('.json'))
    const places = ids.map((name) => this.find(name.slice(0, -'.json'.length)))
    return places.filter((place) => place !== null).filter((place) => place.state === 'making')
  }

  /** Throws a Problem unless exactly this place was made by a restore of this worker, or nothing is there at all. */
  refuseUnknown(spec: DiscardSpec): void {
    const place = this.find(spec.restoreId)
    const prefix = spec.target.mongodb?.databasePrefix ?? null
    if (place && place.folder === spec.target.folder && (prefix === null || prefix === place.databasePrefix)) return
    if (!place && prefix === null && isAbsent(spec.target.folder)) return
    throw new Problem({
      code: 'scratch-unknown',
      text: 'This worker did not make that scratch place, and removes nothing it did not make.',
      action: 'Remove the folder and the databases by hand if they are no longer needed.',
      where: spec.target.folder,
    })
  }

  #file(restoreId: string): string {
    return join(this.#folder, `${idSchema.parse(restoreId)}.json`)
  }

  #write(place: ScratchPlace): void {
    const file = this.#file(place.restoreId)
    const descriptor = openSync(`${file}.new`, 'w', 0o600)
    try {
      writeSync(descriptor, `${JSON.stringify(place)}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(`${file}.new`, file)
  }
}

function isAbsent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined
}
