import Link from 'next/link'
import { ChoiceBox } from '@/components/form/choice-box'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import type { Draft } from '@/core/restores/draft'
import type { ChangeDraft, Chosen } from './restore-wizard'

/** What is changed of the databases of another instance, as the target’s profile says; each may be left out this time. */
export function FixUpStep({ draft, resolved, change }: { draft: Draft; resolved: Chosen; change: ChangeDraft }) {
  const { target, fixUps } = resolved
  const { slug, name } = target.instance
  const link = (
    <Link href={`/instances/${slug}/fix-ups`} className="underline underline-offset-4">
      Fix-ups of {name}
    </Link>
  )
  if (fixUps === null)
    return (
      <Notice tone="warning" title={`${name} has no fix-ups`}>
        <p>
          Its databases would come back with the addresses, secrets and people of the other instance. An administrator
          enters what is to be changed: {link}.
        </p>
      </Notice>
    )
  return (
    <Card title="Fix-ups" description="Applied to Girder’s database after the comparison, and before anybody uses it.">
      <div className="space-y-4">
        <ChoiceBox
          name="fixUps"
          label={`Change it to fit ${name}`}
          description={<>Values are changed for all restores: {link}.</>}
          checked={draft.fixUps}
          onChange={({ currentTarget }) => change({ fixUps: currentTarget.checked })}
        />
        {draft.fixUps && (
          <fieldset className="space-y-3 pl-7">
            <legend className="sr-only">Fix-ups of this restore</legend>
            {fixUps.map(({ key, label, value }) => (
              <ChoiceBox
                key={key}
                name="fixUp"
                value={key}
                label={label}
                description={value && <span className="break-all">{value}</span>}
                checked={!draft.withoutFixUps.includes(key)}
                onChange={({ currentTarget: { checked } }) =>
                  change({
                    withoutFixUps: checked
                      ? draft.withoutFixUps.filter((one) => one !== key)
                      : [...draft.withoutFixUps, key],
                  })
                }
              />
            ))}
          </fieldset>
        )}
      </div>
    </Card>
  )
}
