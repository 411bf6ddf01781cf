import { stat } from 'node:fs/promises'
import { freeBytesOf } from '@/engine/parts/spool'
import { parentOf } from '@/engine/restore/in-place/folder-handle'
import { requireRoomFor, type SourceGround } from '@/engine/restore/in-place/grounds'
import type { ChosenBackup } from '@/engine/restore/restore-run'
import type { Finding } from './check-lines'

/** Room for the new beside the old, on each filesystem for all that comes there. Throws Problem `target-full`. */
export async function checkRoom(grounds: SourceGround[], chosen: ChosenBackup): Promise<Finding> {
  const needs = new Map<number, { folder: string; bytes: number }>()
  for (const { stage, from } of grounds) {
    const folder = parentOf(parentOf(Buffer.from(stage))).toString()
    const { dev } = await stat(folder)
    const need = needs.get(dev) ?? { folder, bytes: 0 }
    need.bytes += chosen.selected.get(from.name)?.bytes ?? from.rawBytes
    needs.set(dev, need)
  }
  const texts: string[] = []
  let isTight = false
  for (const { folder, bytes } of needs.values()) {
    await requireRoomFor(folder, bytes)
    const freeBytes = await freeBytesOf(folder)
    isTight ||= freeBytes < bytes * 1.1
    texts.push(`${inWords(bytes)} come beside what is in ${folder}, where ${inWords(freeBytes)} are free`)
  }
  const text = `${texts.join('; ')}. The old copy keeps its room until it is dropped.`.slice(0, 2000)
  if (!isTight) return text
  return { level: 'amber', text, action: 'That will nearly fill the disk. Make room first if others write there.' }
}

function inWords(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
