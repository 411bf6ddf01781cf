import { restoreCommands } from '@/app/(admin)/backups/restore-commands'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import type { BackupDetail } from '@/core/backups/get-backup'

/** Nobody needs Talekeeper to get at the data: the commands, folded away. */
export function PlainRestore({ backup }: { backup: BackupDetail }) {
  const copy = backup.copies.find((candidate) => candidate.presence === 'present')
  if (!copy || !backup.folder) return null
  const commands = restoreCommands({
    remote: copy.remote,
    folder: `${backup.instance.slug}/${backup.folder}`,
    artifacts: backup.artifacts,
  })
  return (
    <Card
      title="Restore without Talekeeper"
      description="Needs rclone, zstd, GNU tar and mongorestore, and nothing of ours."
    >
      <details>
        <summary className="w-fit rounded-md font-medium text-sm">Show the commands</summary>
        <div className="mt-4">
          <CodeBlock label="Commands for a shell, as root" text={commands} />
        </div>
      </details>
    </Card>
  )
}
