import { ChevronDown } from 'lucide-react'
import { SelectField, TextField } from '@/components/form/fields'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { Draft } from '@/core/restores/draft'
import { absolutePathSchema } from '@/protocol/names'
import type { ProblemFacts } from '@/protocol/problem'
import type { ChangeDraft, Chosen } from './restore-wizard'
import { WayChoice } from './way-choice'

/** Whose worker, which folder there, which MongoDB, and which copy is read. */
export function WhereStep({
  draft,
  resolved,
  change,
  isOther,
  forbidden,
}: {
  draft: Draft
  resolved: Chosen
  change: ChangeDraft
  isOther: boolean
  forbidden: ProblemFacts | null
}) {
  const { targets, target, remotes, remoteId, wantsMongodb } = resolved
  return (
    <Card title="2. Where">
      <div className="space-y-5">
        <WorkerField
          targets={targets}
          workerId={draft.workerId ?? target.id}
          choose={(workerId) => change({ workerId, mongodb: null })}
          description="It may be of another instance: production’s data into testing, say."
        />
        {forbidden && <ProblemAlert problem={forbidden} />}
        {isOther && !forbidden && (
          <Notice tone="accent" title={`Into ${target.instance.name}, which is another instance`}>
            <p>
              {draft.inPlace
                ? `What stands there in ${target.instance.name} is exchanged. Setuid bits and file capabilities stay behind.`
                : 'Beside what is there. Device nodes, setuid bits and file capabilities stay behind.'}
            </p>
          </Notice>
        )}
        <WayChoice draft={draft} change={change} />
        {wantsMongodb && <MongodbChoice draft={draft} target={target} change={change} />}
        <details className="group text-sm" open={draft.folder !== null || draft.remoteId !== null}>
          <summary className="flex w-fit cursor-pointer items-center gap-1.5 font-medium">
            <ChevronDown className="-rotate-90 size-4 group-open:rotate-0" aria-hidden />
            Folder and copy
          </summary>
          <div className="mt-4 space-y-5">
            {!draft.inPlace && <FolderField draft={draft} change={change} />}
            <SelectField
              name="remoteId"
              label="Read from"
              value={draft.remoteId ?? remoteId ?? ''}
              onChange={({ currentTarget }) => change({ remoteId: currentTarget.value })}
              options={remotes.map(({ id, name, backend }) => ({ value: id, label: `${name} (${backend})` }))}
              description="The remotes that have a copy of this backup."
            />
          </div>
        </details>
      </div>
    </Card>
  )
}

/** Who restores: each worker with where it is. */
export function WorkerField({
  targets,
  workerId,
  choose,
  description,
}: {
  targets: Chosen['targets']
  workerId: string
  choose: (workerId: string) => void
  description: string
}) {
  return (
    <SelectField
      name="workerId"
      label="Worker"
      value={workerId}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      options={targets.map((one) => ({ value: one.id, label: labelOf(one) }))}
      description={description}
    />
  )
}

function labelOf({ slug, hostName, instance, isSilent }: Chosen['target']): string {
  const environment = instance.environment === 'production' ? ', production' : ''
  return `${instance.name}${environment}: ${slug} on ${hostName}${isSilent ? ' (silent)' : ''}`
}

function MongodbChoice({ draft, target, change }: { draft: Draft; target: Chosen['target']; change: ChangeDraft }) {
  if (target.mongodbSources.length === 0)
    return (
      <Notice tone="warning" title="Databases stay out">
        <p>This worker has no MongoDB that it reaches directly. Everything else that is chosen can be restored.</p>
      </Notice>
    )
  return (
    <SelectField
      name="mongodbSourceId"
      label="MongoDB server"
      value={draft.mongodb ?? target.mongodbSources[0]?.id ?? 'none'}
      onChange={({ currentTarget }) => change({ mongodb: currentTarget.value })}
      options={[
        ...target.mongodbSources.map(({ id, slug }) => ({ value: id, label: slug })),
        { value: 'none', label: 'None: leave databases out' },
      ]}
      description={
        draft.inPlace
          ? 'Its databases are exchanged, collection by collection; users and roles stay as they are.'
          : 'Databases are restored under new names with a prefix; the ones that are there stay as they are.'
      }
    />
  )
}

/** Written into the address when one leaves the field. */
export function FolderField({
  draft,
  change,
}: {
  draft: Pick<Draft, 'folder'>
  change: (changes: Pick<Draft, 'folder'>) => void
}) {
  const settle = (text: string) => {
    const folder = absolutePathSchema.safeParse(text.trim()).data ?? null
    if (folder !== draft.folder && (folder !== null || text.trim() === '')) change({ folder })
  }
  return (
    <TextField
      name="folder"
      label="Folder on its host"
      optional
      spellCheck={false}
      defaultValue={draft.folder ?? ''}
      placeholder="/var/lib/talekeeper-worker/scratch/…"
      onBlur={({ currentTarget }) => settle(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') settle(currentTarget.value)
      }}
      description="An absolute path that does not exist yet, and that the worker’s policy allows. Empty: a new folder in the worker’s scratch place."
    />
  )
}
