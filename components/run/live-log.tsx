'use client'

import { ArrowDownToLine, Download, Pause, Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import { Input } from '@/components/ui/input'
import type { LogLine } from './live-run'
import { useLogPages } from './use-log-pages'

const tones: Record<LogLine['level'], string> = {
  debug: 'text-muted',
  info: '',
  warn: 'text-warning',
  error: 'text-bad',
}

/**
 * The latest log lines; those before them come when they are asked for. Follows the end until one scrolls up. The search goes
 * over the whole log, and the whole log is a download.
 */
export function LiveLog({
  lines: live,
  hasEarlier,
  isCut,
  isOver,
  href,
}: {
  lines: LogLine[]
  hasEarlier: boolean
  isCut: boolean
  /** no more lines will come */
  isOver: boolean
  /** of the download; pages of lines are below it */
  href: string
}) {
  const box = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  const log = useLogPages(`${href}/lines`, { lines: live, hasEarlier, isCut })
  const last = log.lines.at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line scrolls, also when the number of lines stays
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [follows, last])
  const onScroll = () => {
    const element = box.current
    if (element) setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < 24)
  }
  return (
    <Card
      flush
      title="Log"
      description="Times in UTC."
      className="print:hidden"
      actions={
        <>
          <LogSearch isLoading={log.isLoading} search={log.search} />
          {!isOver && (
            <Button size="sm" aria-pressed={follows} onClick={() => setFollows(!follows)}>
              {follows ? <Pause aria-hidden /> : <ArrowDownToLine aria-hidden />}
              {follows ? 'Pause' : 'Follow'}
            </Button>
          )}
          <Button asChild size="sm">
            <a href={href} download>
              <Download aria-hidden />
              Download
            </a>
          </Button>
        </>
      }
    >
      <section
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Log lines"
        className="max-h-96 overflow-y-auto px-5 py-3 font-mono text-xs leading-relaxed"
      >
        {log.hasEarlier && (
          <Button size="sm" className="mb-2 font-sans" pending={log.isLoading} onClick={() => void log.showEarlier()}>
            Show earlier lines
          </Button>
        )}
        {log.isCut && !log.hasEarlier && log.searched === null && (
          <p className="text-muted">This log grew beyond what is kept of it; its oldest lines are gone.</p>
        )}
        <p aria-live="polite" className="text-muted empty:hidden">
          {log.hasFailed ? 'The dashboard did not answer. Try again in a moment.' : sentenceOf(log)}
        </p>
        {log.lines.length === 0 && log.searched === null && (
          <p className="text-muted">{isOver ? 'Nothing was logged.' : 'Nothing yet.'}</p>
        )}
        {log.lines.map((line) => (
          <p
            key={`${line.attempt}.${line.sequence}`}
            className={classNames('whitespace-pre-wrap break-words', tones[line.level])}
          >
            <span className="select-none text-muted">{line.at.slice(11, 19)} </span>
            {line.text}
          </p>
        ))}
      </section>
    </Card>
  )
}

function LogSearch({ isLoading, search }: { isLoading: boolean; search: (text: string) => unknown }) {
  return (
    <search>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          void search(String(new FormData(event.currentTarget).get('text') ?? '').trim())
        }}
      >
        <Input
          name="text"
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          maxLength={200}
          className="h-8 w-36 sm:w-48"
          onChange={(event) => event.target.value === '' && search('')}
        />
        <Button size="sm" type="submit" pending={isLoading} aria-label="Search">
          <Search aria-hidden />
        </Button>
      </form>
    </search>
  )
}

function sentenceOf({
  searched,
  lines,
  hasEarlier,
}: {
  searched: string | null
  lines: unknown[]
  hasEarlier: boolean
}) {
  if (searched === null) return ''
  if (lines.length === 0) return `No line has “${searched}” in it.`
  if (lines.length === 1) return `1 line with “${searched}” in it.`
  return `${hasEarlier ? 'The latest ' : ''}${lines.length} lines with “${searched}” in them.`
}
