import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { InPlaceRig } from './in-place-rig'
import { previewInPlace } from './preview-in-place'
import { localRemote } from './remote/loopback-servers'
import { dropBeside, undo } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'
import { runRestore } from './run-restore'

/** Promise: a device node of another instance gives no rights here, and stops no restore. */
it.runIf(process.getuid?.() === 0)(
  'device nodes are left out and named in another instance, beside and in place, and come back in their own',
  async () => {
    const trial = localRemote()
    const rig = new InPlaceRig(trial.remote, null)
    const device = join(rig.sourceFolder, 'zero')
    try {
      execFileSync('mknod', [device, 'c', '1', '5'])
      const backup = rig.backupSpec()
      await runBackup(backup, rig.context())
      const good = await rig.tree()
      const toOther = { instance: { id: randomUUID(), slug: 'wt-stage' } }
      const warnings = () => rig.events.filter(({ type }) => type === 'warning')
      const named = { code: 'attributes-stripped', where: device.slice(1) }

      const beside = rig.restoreSpec(backup, toOther)
      expect(await runRestore(beside, rig.context())).toBe('warning')
      expect(warnings()).toMatchObject([named])
      expect(existsSync(join(beside.target.folder, 'files', rig.sourceFolder))).toBe(true)
      expect(existsSync(join(beside.target.folder, 'files', device))).toBe(false)

      const other = rig.inPlaceSpec(backup, toOther)
      const preview = await previewInPlace(other, rig.inPlaceContext())
      expect(preview.trees[0]?.counts).toMatchObject({ added: 0, changed: 0, removed: 1 })
      expect(await runInPlace(other, rig.inPlaceContext())).toBe('warning')
      expect(warnings()).toMatchObject([named, named])
      expect(rig.last('comparison').comparison).toMatchObject({ entriesExpected: 1, entriesIdentical: 1 })
      expect(existsSync(device)).toBe(false)
      await undo(rig.endOptions(other.restoreId))
      expect(await rig.tree()).toBe(good)
      await dropBeside(rig.endOptions(other.restoreId))

      rmSync(device)
      expect(await runInPlace(rig.inPlaceSpec(backup), rig.inPlaceContext())).toBe('succeeded')
      expect(statSync(device).rdev).toBe(0x105)
      expect(await rig.tree()).toBe(good)
    } finally {
      rig.close()
      await trial.stop()
    }
  },
)
