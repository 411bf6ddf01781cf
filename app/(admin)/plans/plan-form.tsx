'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import type { FormAction } from '@/components/form/action-result'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { PlanChoices } from '@/core/plans/list-choices'
import type { PlanConflict } from '@/core/plans/plan-changes'
import type { PlanSettings } from '@/core/plans/schema'
import { AdvancedFields, type AdvancedSettings } from './advanced-fields'
import { ConflictNotice } from './conflict-notice'
import { ScheduleFields, type ScheduleSettings } from './schedule-fields'
import { SourceFields } from './source-fields'
import { TargetFields } from './target-fields'

export type PlanFormValues = AdvancedSettings &
  ScheduleSettings &
  Partial<Pick<PlanSettings, 'name' | 'sourceIds' | 'targets'>>

/** Makes a plan, or changes the one of `planId`. `instanceId` is the one it begins with, or is fixed to. */
export function PlanForm({
  action,
  planId = null,
  version = 0,
  instanceId: firstInstanceId,
  values,
  choices,
  timeZones,
}: {
  action: FormAction<{ conflict?: PlanConflict }>
  planId?: string | null
  /** of the plan that `values` are of */
  version?: number
  instanceId: string
  values: PlanFormValues
  choices: PlanChoices
  timeZones: string[]
}) {
  const [instanceId, setInstanceId] = useState(firstInstanceId)
  const [conflict, setConflict] = useState<PlanConflict | null>(null)
  const instance = choices.instances.find((candidate) => candidate.id === instanceId)
  return (
    <ActionForm
      action={action}
      onSuccess={(answer) => setConflict(answer.conflict ?? null)}
      className="max-w-3xl space-y-6"
    >
      {planId && (
        <>
          <input type="hidden" name="id" value={planId} />
          <input type="hidden" name="version" value={conflict?.version ?? version} />
          <input type="hidden" name="merge" value={conflict ? 'yes' : 'no'} />
          <input type="hidden" name="loaded" value={JSON.stringify(values)} />
        </>
      )}
      {conflict && <ConflictNotice key={conflict.version} conflict={conflict} choices={choices} />}
      <Card title="What">
        <div className="space-y-5">
          {!planId && (
            <SelectField
              name="instanceId"
              label="Instance"
              value={instanceId}
              onChange={(event) => setInstanceId(event.target.value)}
              options={choices.instances.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField name="name" label="Name" defaultValue={values.name} placeholder="Nightly" />
            {!planId && (
              <TextField
                name="slug"
                label="Slug"
                placeholder="nightly"
                spellCheck={false}
                description="Part of each backup’s folder, fixed for ever: a-z, 0-9 and hyphens."
              />
            )}
          </div>
          <fieldset>
            <legend className="mb-2 font-medium text-sm">Sources</legend>
            <SourceFields key={instanceId} sources={instance?.sources ?? []} chosen={values.sourceIds ?? []} />
          </fieldset>
        </div>
      </Card>
      <Card title="When">
        <ScheduleFields planId={planId} settings={values} timeZones={timeZones} />
      </Card>
      <Card title="Where, and how long">
        <TargetFields
          remotes={choices.remotes}
          targets={values.targets ?? []}
          timeZone={values.timeZone}
          isMade={planId !== null}
        />
      </Card>
      <Card>
        <AdvancedFields settings={values} />
      </Card>
      <SubmitButton>{planId ? 'Save changes' : 'Make plan'}</SubmitButton>
    </ActionForm>
  )
}
