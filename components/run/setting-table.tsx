import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { settingFixUps } from '@/protocol/fix-ups'
import type { SettingPreview } from '@/protocol/restore-preview'

const words = {
  entered: 'as entered',
  kept: 'stays',
  removed: 'not set, as now',
  backup: 'as in the backup',
} as const

/** What a restore with fix-ups makes of the settings that are of one instance: nobody else's come along unseen. */
export function SettingTable({ settings }: { settings: SettingPreview[] }) {
  return (
    <section className="space-y-3">
      <h3 className="font-medium text-sm">Settings of Girder</h3>
      <Table caption="Settings of Girder, now and after the restore">
        <TableHead>
          <TableHeader className="pl-0">Setting</TableHeader>
          <TableHeader>Here now</TableHeader>
          <TableHeader className="pr-0">After the restore</TableHeader>
        </TableHead>
        <TableBody>
          {settings.map(({ key, now, becomes, after }) => (
            <TableRow key={key} className="max-md:px-0" data-setting={key} data-becomes={becomes}>
              <TableCell className="pl-0">{settingFixUps.find((one) => one.key === key)?.label}</TableCell>
              <TableCell label="Here now" className="break-all">
                {now ?? 'not set'}
              </TableCell>
              <TableCell label="After the restore" className="break-all pr-0">
                {after ?? words[becomes]}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  )
}
