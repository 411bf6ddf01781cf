'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import type { FormAction } from '@/components/form/action-result'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { ChannelDetail } from '@/core/channels/get-channel'
import { type ChannelKind, channelKinds } from '@/core/channels/schema'
import type { MessagePreview } from '@/core/deliveries/preview-messages'
import type { InstanceChoice } from '@/core/instances/list-instance-choices'
import { ChannelTest } from './channel-test'
import { KindFields } from './kind-fields'
import { channelKindNames } from './kind-names'
import { Preview } from './preview'
import { RuleFields } from './rule-fields'

const usualRules = {
  ...{ severity: 'warning' as const, environments: [], instanceIds: [], kinds: [], timeZone: 'UTC' },
  ...{ quietFrom: null, quietUntil: null, digest: 'never' as const, digestHour: 8, paused: false },
}

/** Makes a channel, or changes `saved`; both can be tested before they are saved, and show what their messages look like. */
export function ChannelForm({
  action,
  saved,
  instances,
  timeZones,
  preview,
}: {
  action: FormAction
  saved?: ChannelDetail
  instances: InstanceChoice[]
  timeZones: string[]
  preview: MessagePreview
}) {
  const [kind, setKind] = useState<ChannelKind>(saved?.kind ?? 'email')
  return (
    <ActionForm action={action} className="max-w-3xl space-y-6">
      {saved && <input type="hidden" name="id" value={saved.id} />}
      <Card title="Where to">
        <div className="space-y-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField name="name" label="Name" defaultValue={saved?.name} placeholder="Operators" />
            {saved ? (
              <input type="hidden" name="kind" value={saved.kind} />
            ) : (
              <SelectField
                name="kind"
                label="Kind"
                value={kind}
                onChange={(event) => setKind(event.target.value as ChannelKind)}
                options={channelKinds.map((value) => ({ value, label: channelKindNames[value] }))}
              />
            )}
          </div>
          <KindFields key={kind} kind={kind} saved={saved ?? { settings: {}, savedSecrets: [] }} />
          <ChannelTest />
        </div>
      </Card>
      <Card title="What and when">
        <RuleFields rules={saved ?? usualRules} instances={instances} timeZones={timeZones} />
      </Card>
      <Card title="Preview" description="An example message, as it will look.">
        <Preview kind={kind} preview={preview} />
      </Card>
      <SubmitButton>{saved ? 'Save changes' : 'Add channel'}</SubmitButton>
    </ActionForm>
  )
}
