import { type Phase, phases } from '@/protocol/events'
import type { OlderFile } from './older-file'

/** The stages that a restore goes through. Pure. */
export function phasesOf(restore: {
  isInPlace: boolean
  olderFile: Pick<OlderFile, 'holds'> | null
}): readonly Phase[] {
  if (restore.isInPlace) return phases.inPlace
  if (!restore.olderFile) return phases.restore
  return restore.olderFile.holds === 'mongodb' ? ['mongodb'] : ['files']
}
