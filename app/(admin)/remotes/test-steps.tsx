import { CircleCheck, CircleX } from 'lucide-react'
import { Fragment } from 'react'
import { formatBytes } from '@/components/format-bytes'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RemoteTest } from '@/core/remotes/test-remote'
import { testWarnings, throughputOf } from '@/core/remotes/test-warnings-rules'
import type { Backend } from '@/protocol/remotes'

type Step = RemoteTest['steps'][number]

const words: Record<Step['name'], string> = {
  list: 'List the folder',
  folder: 'Make a folder',
  write: 'Write a probe file',
  read: 'Read it back',
  compare: 'Compare both',
  rename: 'Rename it',
  delete: 'Delete it',
}

/** Each step of a test with its time, and what failed in plain words. */
export function TestSteps({ test, backend }: { test: RemoteTest; backend: Backend }) {
  const works = test.steps.length > 0 && test.steps.every((step) => step.ok)
  return (
    <div className="space-y-4">
      <ol className="divide-y divide-border rounded-lg border border-border text-sm">
        {test.steps.map((step) => (
          <StepRow key={step.name} step={step} />
        ))}
      </ol>
      {works && (
        <Notice tone="good" title="This remote works">
          <Findings test={test} backend={backend} />
        </Notice>
      )}
      {test.writerMay && <WriterRights may={test.writerMay} />}
    </div>
  )
}

function Findings({ test, backend }: { test: RemoteTest; backend: Backend }) {
  const [writes, reads] = [throughputOf(test, 'write'), throughputOf(test, 'read')]
  const latency = test.steps.find(({ name }) => name === 'list')?.milliseconds
  const facts = [
    ['Answers in', latency !== undefined && `${latency} ms, rclone’s start included`],
    ['Writes at least', writes !== null && `${formatBytes(writes)}/s`],
    ['Reads at least', reads !== null && `${formatBytes(reads)}/s`],
    ['Checksums', test.hashes.length > 0 ? test.hashes.join(', ') : 'none'],
    ['Room', test.quota !== null && roomWords(test.quota)],
    ['Largest file', test.largestFileBytes !== null && formatBytes(test.largestFileBytes)],
  ] as const
  const warnings = testWarnings(backend, test)
  return (
    <div className="space-y-3 text-text">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
        {facts.map(
          ([label, value]) =>
            value && (
              <Fragment key={label}>
                <dt className="text-muted">{label}</dt>
                <dd className="break-words">{value}</dd>
              </Fragment>
            ),
        )}
      </dl>
      {warnings.length > 0 && (
        <ul className="list-disc space-y-1 pl-5">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function roomWords({ totalBytes, freeBytes, trashedBytes }: NonNullable<RemoteTest['quota']>): string | false {
  const parts = [
    freeBytes !== null && `${formatBytes(freeBytes)} free`,
    totalBytes !== null && `${formatBytes(totalBytes)} in all`,
    trashedBytes !== null && trashedBytes > 0 && `${formatBytes(trashedBytes)} in the trash`,
  ].filter((part) => part !== false)
  return parts.length > 0 && parts.join(', ')
}

function WriterRights({ may }: { may: NonNullable<RemoteTest['writerMay']> }) {
  const rights = [may.delete && 'delete', may.overwrite && 'overwrite'].filter(Boolean).join(' and ')
  if (rights === '')
    return (
      <Notice tone="good" title="Workers cannot destroy what lies there">
        <p className="text-text">Their credential was refused when it tried to overwrite and to delete the probe.</p>
      </Notice>
    )
  return (
    <Notice tone="bad" title={`The workers’ credential can ${rights}`}>
      <p className="text-text">
        The keeper protects nothing so far: whoever steals a worker could destroy backups. Take these rights from the
        account at the provider, then test again.
      </p>
    </Notice>
  )
}

function StepRow({ step }: { step: Step }) {
  const Icon = step.ok ? CircleCheck : CircleX
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-center gap-3">
        <Icon className={step.ok ? 'size-4 text-good' : 'size-4 text-bad'} aria-hidden />
        <span className="flex-1">
          {words[step.name]}
          <span className="sr-only">{step.ok ? ': works' : ': fails'}</span>
        </span>
        <span className="text-muted tabular-nums">{step.milliseconds} ms</span>
      </div>
      {step.problem && (
        <div className="mt-2">
          <ProblemAlert problem={step.problem} />
        </div>
      )}
    </li>
  )
}
