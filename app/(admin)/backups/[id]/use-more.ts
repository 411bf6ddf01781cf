'use client'

import { useState } from 'react'

/** A list whose first items are there and whose others come a page at a time from `href`, after the last that is known. */
export function useMore<Item>(first: Item[], total: number, hrefAfter: (last: Item | undefined) => string) {
  const [items, setItems] = useState(first)
  const [isLoading, setIsLoading] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)
  const loadMore = async () => {
    setIsLoading(true)
    try {
      const answer = await fetch(hrefAfter(items.at(-1)))
      if (!answer.ok) throw new Error(`${answer.status}`)
      const page = (await answer.json()) as { items: Item[] }
      setItems([...items, ...page.items])
      setHasFailed(false)
    } catch {
      setHasFailed(true)
    } finally {
      setIsLoading(false)
    }
  }
  return { items, left: Math.max(0, total - items.length), isLoading, hasFailed, loadMore }
}
