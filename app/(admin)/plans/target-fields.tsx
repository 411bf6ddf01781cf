'use client'

import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useFormState } from '@/components/form/action-form'
import { CheckboxField, SelectField } from '@/components/form/fields'
import { formatBytes } from '@/components/format-bytes'
import { Button } from '@/components/ui/button'
import { targetDefaults, type TargetSettings } from '@/core/plans/schema'
import { RetentionFields } from './retention-fields'
import { RetentionSimulator } from './retention-simulator'

const mostTargets = 5

type Remotes = { id: string; name: string; freeBytes: number | null }[]
type Row = { key: number; target: TargetSettings }

/** Where backups go: the remote that they are made on, and further ones that get copies; each with a retention of its own. */
export function TargetFields({
  remotes,
  targets,
  timeZone,
  isMade,
}: {
  remotes: Remotes
  targets: TargetSettings[]
  timeZone: string
  /** the plan is there already, and may have backups */
  isMade: boolean
}) {
  const [rows, setRows] = useState<Row[]>(() =>
    (targets.length > 0 ? targets : [newTarget(remotes, [])]).map((target, key) => ({ key, target })),
  )
  const errors = useFormState().fields
  const swap = (index: number) =>
    setRows((before) =>
      before.map((row, at) => (at === index ? before[at + 1] : at === index + 1 ? before[index] : row) ?? row),
    )
  const add = () =>
    setRows((before) => [
      ...before,
      {
        key: Math.max(-1, ...before.map(({ key }) => key)) + 1,
        target: newTarget(
          remotes,
          before.map(({ target }) => target.remoteId),
        ),
      },
    ])
  const listError = Object.keys(errors).some((name) => name.startsWith('targets.')) ? undefined : errors.targets
  return (
    <div className="space-y-6">
      {listError && (
        <p role="alert" className="text-bad text-sm">
          {listError}
        </p>
      )}
      {rows.map(({ key, target }, index) => (
        <section
          key={key}
          aria-label={index === 0 ? 'First remote' : `Copy ${index}`}
          className={index > 0 ? 'space-y-6 border-border border-t pt-6' : 'space-y-6'}
        >
          {rows.length > 1 && (
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h3 className="font-medium text-sm">
                {index === 0 ? 'Backups are made here' : 'Copied here afterwards'}
              </h3>
              <div className="flex flex-wrap gap-2">
                {index > 0 && (
                  <Button size="sm" variant="ghost" aria-label="Move up" onClick={() => swap(index - 1)}>
                    <ArrowUp aria-hidden />
                  </Button>
                )}
                {index < rows.length - 1 && (
                  <Button size="sm" variant="ghost" aria-label="Move down" onClick={() => swap(index)}>
                    <ArrowDown aria-hidden />
                  </Button>
                )}
                <Button
                  size="sm"
                  variant="ghost"
                  onClick={() => setRows((before) => before.filter((row) => row.key !== key))}
                >
                  <Trash2 aria-hidden />
                  Remove
                </Button>
              </div>
            </div>
          )}
          <Target index={index} target={target} remotes={remotes} timeZone={timeZone} isMade={isMade} />
        </section>
      ))}
      {rows.length < Math.min(mostTargets, remotes.length) && (
        <div className="space-y-1.5">
          <Button size="sm" onClick={add}>
            <Plus aria-hidden />
            Add a remote for copies
          </Button>
          <p className="text-[0.8125rem] text-muted">
            A second copy elsewhere survives the loss of the first remote. A worker makes it when it has nothing else to
            do; a backup is good without it.
          </p>
        </div>
      )}
    </div>
  )
}

function Target({
  index,
  target,
  remotes,
  timeZone,
  isMade,
}: {
  index: number
  target: TargetSettings
  remotes: Remotes
  timeZone: string
  isMade: boolean
}) {
  const prefix = `targets.${index}.`
  return (
    <>
      <SelectField
        name={`${prefix}remoteId`}
        label="Remote"
        defaultValue={target.remoteId}
        options={remotes.map(({ id, name, freeBytes }) => ({
          value: id,
          label: freeBytes === null ? name : `${name} (${formatBytes(freeBytes)} free)`,
        }))}
        description={
          isMade
            ? 'After a change, earlier backups stay on the remote where they are, and no retention deletes them.'
            : undefined
        }
      />
      {index > 0 ? (
        <CheckboxField
          name={`${prefix}copyEarlier`}
          defaultChecked={target.copyEarlier}
          label="Copy earlier backups too"
          description="All that are there and that the retention here keeps; otherwise the newest good one, and those to come."
        />
      ) : (
        target.copyEarlier && <input type="hidden" name={`${prefix}copyEarlier`} value="on" />
      )}
      <RetentionFields rule={target} prefix={prefix} />
      <RetentionSimulator timeZone={timeZone} index={index} />
    </>
  )
}

/** On the first remote that is not taken. */
function newTarget(remotes: Remotes, taken: string[]): TargetSettings {
  const free = remotes.find(({ id }) => !taken.includes(id)) ?? remotes[0]
  return { ...targetDefaults, remoteId: free?.id ?? '' }
}
