'use client'

import { useRef, useState } from 'react'
import { unreachable } from '@/app/(admin)/remotes/unreachable'
import { ActionForm } from '@/components/form/action-form'
import { CheckboxField, TextareaField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { ImportResult } from '@/core/remotes/import-remotes'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import type { ImportChoice } from '@/core/remotes/preview-import'
import type { ProblemFacts } from '@/protocol/problem'
import { importRemotesAction, previewImportAction } from './actions'
import { ImportResults } from './import-results'
import { SectionChoice } from './section-choice'

/** Paste or choose a file, look at its sections, choose, import. The text stays in the browser until then. */
export function ImportForm({ connections }: { connections: ConnectionChoice[] }) {
  const place = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const [pending, setPending] = useState(false)
  const [choices, setChoices] = useState<ImportChoice[] | null>(null)
  const [problem, setProblem] = useState<ProblemFacts | null>(null)
  const [results, setResults] = useState<ImportResult[] | null>(null)

  const change = (next: string) => {
    setText(next)
    setChoices(null)
    setResults(null)
  }
  const look = async () => {
    const form = place.current?.closest('form')
    if (!form) return
    setPending(true)
    const answer = await previewImportAction(new FormData(form)).catch(() => null)
    setPending(false)
    setChoices(answer?.ok ? answer.choices : null)
    setProblem(answer?.ok ? null : (answer?.problem ?? unreachable))
  }

  return (
    <ActionForm action={importRemotesAction} onSuccess={(answer) => setResults(answer.results)}>
      <div ref={place} className="space-y-5">
        <TextareaField
          name="text"
          label="Content of rclone.conf"
          value={text}
          onChange={(event) => change(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          className="font-mono"
          placeholder={'[box]\ntype = box\n…'}
          description="What “rclone config show” prints, on the computer where rclone is set up."
        />
        <TextField
          name="file"
          label="Or choose the file"
          type="file"
          className="py-1.5"
          onChange={(event) => void event.target.files?.[0]?.text().then(change)}
        />
        <Button pending={pending} onClick={() => void look()}>
          Look what is in it
        </Button>
        {problem && <ProblemAlert problem={problem} />}
        {choices && !results && (
          <>
            <ul className="space-y-4" aria-label="Sections">
              {choices.map((choice) => (
                <SectionChoice key={choice.name} choice={choice} connections={connections} />
              ))}
            </ul>
            {choices.some(({ encrypted }) => encrypted) && (
              <CheckboxField
                name="keptPasswords"
                label="The passwords of the encrypted ones are kept in a safe place"
                description="If the dashboard is lost, only they open the backups there."
              />
            )}
            <SubmitButton>Import what is ticked</SubmitButton>
          </>
        )}
        {results && <ImportResults results={results} />}
      </div>
    </ActionForm>
  )
}
