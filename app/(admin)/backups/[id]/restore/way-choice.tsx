import { ChoiceBox } from '@/components/form/choice-box'
import { SelectField } from '@/components/form/fields'
import type { Draft } from '@/core/restores/draft'
import type { ChangeDraft } from './restore-wizard'

/** Beside or in place; in place also who writes there meanwhile, and whether a backup of it is made before. */
export function WayChoice({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  return (
    <>
      <SelectField
        name="way"
        label="How"
        value={draft.inPlace ? 'in-place' : 'beside'}
        onChange={({ currentTarget }) => change({ inPlace: currentTarget.value === 'in-place' })}
        options={[
          { value: 'beside', label: 'Beside: into a new folder and renamed databases' },
          { value: 'in-place', label: 'In place: exchange what stands there' },
        ]}
        description={
          draft.inPlace
            ? 'What the backup has is brought beside and compared first, then exchanged in a moment. The old is kept until you drop it, and one click puts it back. Configuration files only where you chose them.'
            : 'For looking and copying back. Nothing that exists is touched.'
        }
      />
      {draft.inPlace && (
        <>
          <SelectField
            name="writers"
            label="What writes there meanwhile"
            value={draft.writers}
            onChange={({ currentTarget }) =>
              change({ writers: currentTarget.value === 'command' ? 'command' : 'stopped' })
            }
            options={[
              { value: 'stopped', label: 'Nothing: I have put Girder into maintenance' },
              { value: 'command', label: 'The worker stops and starts it, as its policy file says' },
            ]}
            description="What is written in spite of that stops the restore before anything is exchanged."
          />
          <ChoiceBox
            name="safety"
            label="Make a safety backup first"
            description="Of what is replaced, onto the remote that is read, kept for 14 days. Without it the old copy on the same disk is all there is to go back to."
            checked={draft.safety}
            onChange={({ currentTarget }) => change({ safety: currentTarget.checked })}
          />
        </>
      )}
    </>
  )
}
