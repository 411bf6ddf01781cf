'use client'

import { ArrowDownToLine, Download, Pause } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import type { LogLine } from './live-run'

const tones: Record<LogLine['level'], string> = {
  debug: 'text-muted',
  info: '',
  warn: 'text-warning',
  error: 'text-bad',
}

/** The latest log lines. Follows the end until one scrolls up; the whole log is a download. */
export function LiveLog({
  lines,
  isCut,
  isOver,
  downloadHref,
}: {
  lines: LogLine[]
  isCut: boolean
  /** no more lines will come */
  isOver: boolean
  downloadHref: string
}) {
  const box = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  const last = lines.at(-1)
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
      actions={
        <>
          {!isOver && (
            <Button size="sm" aria-pressed={follows} onClick={() => setFollows(!follows)}>
              {follows ? <Pause aria-hidden /> : <ArrowDownToLine aria-hidden />}
              {follows ? 'Pause' : 'Follow'}
            </Button>
          )}
          <Button asChild size="sm">
            <a href={downloadHref} download>
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
        {isCut && <p className="text-muted">Earlier lines are in the download.</p>}
        {lines.length === 0 && <p className="text-muted">{isOver ? 'Nothing was logged.' : 'Nothing yet.'}</p>}
        {lines.map((line) => (
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
