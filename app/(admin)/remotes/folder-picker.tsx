'use client'

import { Folder, FolderPlus } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RemoteFolders } from '@/core/remotes/browse-remote'
import type { ProblemFacts } from '@/protocol/problem'
import { browseRemoteAction } from './actions'
import { unreachable } from './unreachable'

type Shown = { folders: RemoteFolders } | { problem: ProblemFacts } | null

/** Walks through the folders of the remote in the form, as the worker chosen there sees them, and makes new ones. */
export function FolderPicker({
  form,
  isAbsolute,
  onChoose,
}: {
  form: HTMLFormElement
  isAbsolute: boolean
  onChoose: (folder: string) => void
}) {
  const [folder, setFolder] = useState('')
  const [name, setName] = useState('')
  const [shown, setShown] = useState<Shown>(null)

  const open = async (next: string, make = false) => {
    setFolder(next)
    setName('')
    setShown(null)
    const data = new FormData(form)
    data.set('browseFolder', next)
    if (make) data.set('browseMake', 'on')
    const answer = await browseRemoteAction(data).catch(() => null)
    setShown(answer?.ok ? { folders: answer.folders } : { problem: problemOf(answer) })
  }
  const begin = useEffectEvent(() => void open(''))
  useEffect(() => begin(), [])

  const below = (child: string) =>
    child.startsWith('/') ? child : folder === '' ? `${isAbsolute ? '/' : ''}${child}` : `${folder}/${child}`
  const above = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
  return (
    <div className="space-y-4">
      <p className="break-all font-mono text-sm" aria-live="polite">
        {folder === '' ? 'First folder' : folder}
      </p>
      {shown === null && <p className="text-muted text-sm">A worker looks…</p>}
      {shown && 'problem' in shown && <ProblemAlert problem={shown.problem} />}
      {shown && 'folders' in shown && (
        <ul className="max-h-64 divide-y divide-border overflow-y-auto rounded-lg border border-border">
          {folder !== '' && (
            <li>
              <FolderButton name="One up" onClick={() => void open(above)} />
            </li>
          )}
          {shown.folders.folders.map((child) => (
            <li key={child}>
              <FolderButton name={child} onClick={() => void open(below(child))} />
            </li>
          ))}
          {shown.folders.folders.length === 0 && <li className="px-3 py-2 text-muted text-sm">No folder in here.</li>}
          {!shown.folders.isWhole && <li className="px-3 py-2 text-muted text-sm">There are more: type the path.</li>}
        </ul>
      )}
      <div className="flex gap-2">
        <Input
          aria-label="New folder in here"
          placeholder="New folder"
          value={name}
          onChange={(event) => setName(event.target.value)}
          spellCheck={false}
        />
        <Button
          disabled={shown === null || !/^[^/]+$/.test(name) || name === '.' || name === '..'}
          onClick={() => void open(below(name), true)}
        >
          <FolderPlus aria-hidden />
          Make
        </Button>
      </div>
      <div className="flex justify-end">
        <Button variant="primary" disabled={folder === ''} onClick={() => onChoose(folder)}>
          Choose this folder
        </Button>
      </div>
    </div>
  )
}

function FolderButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex w-full items-center gap-2.5 px-3 py-2 text-left text-sm hover:bg-surface-muted"
    >
      <Folder className="size-4 shrink-0 text-muted" aria-hidden />
      <span className="min-w-0 break-all">{name}</span>
    </button>
  )
}

/** A field marks nothing here, so that the text names what is wrong with each. */
function problemOf(answer: Awaited<ReturnType<typeof browseRemoteAction>> | null): ProblemFacts {
  if (!answer || answer.ok) return unreachable
  const { problem, fields } = answer
  if (problem.code !== 'invalid-input' || !fields) return problem
  return {
    ...problem,
    text: ['The form is not complete yet.', ...Object.values(fields)].join('\n'),
    action: 'Fill in how the remote is reached, and choose a worker, then browse again.',
  }
}
