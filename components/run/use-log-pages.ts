'use client'

import { useState } from 'react'
import type { LogLine } from './live-run'

type Page = { lines: LogLine[]; hasEarlier: boolean; isCut: boolean }

/** What was fetched of a log besides its live end: the lines before it, or those that a search found. */
export function useLogPages(href: string, live: { lines: LogLine[]; hasEarlier: boolean; isCut: boolean }) {
  const [earlier, setEarlier] = useState<Page | null>(null)
  const [found, setFound] = useState<(Page & { text: string }) | null>(null)
  const [isLoading, setIsLoading] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)

  const fetchPage = async (query: Record<string, string>, take: (page: Page) => void) => {
    setIsLoading(true)
    try {
      const answer = await fetch(`${href}?${new URLSearchParams(query)}`)
      if (!answer.ok) throw new Error(`${answer.status}`)
      take((await answer.json()) as Page)
      setHasFailed(false)
    } catch {
      setHasFailed(true)
    } finally {
      setIsLoading(false)
    }
  }

  const shown = found ?? {
    lines: earlier ? [...earlier.lines, ...live.lines] : live.lines,
    hasEarlier: earlier?.hasEarlier ?? live.hasEarlier,
    isCut: earlier?.isCut ?? live.isCut,
  }

  const showEarlier = () => {
    const first = shown.lines[0]
    const before: Record<string, string> = first ? { before: `${first.attempt}.${first.sequence}` } : {}
    if (found)
      return fetchPage({ text: found.text, ...before }, (page) =>
        setFound({ ...page, text: found.text, lines: [...page.lines, ...found.lines] }),
      )
    return fetchPage(before, (page) =>
      setEarlier((known) => ({ ...page, lines: [...page.lines, ...(known?.lines ?? [])] })),
    )
  }

  const search = (text: string) =>
    text === '' ? setFound(null) : fetchPage({ text }, (page) => setFound({ ...page, text }))

  return { ...shown, searched: found?.text ?? null, isLoading, hasFailed, showEarlier, search }
}
