'use client'

import { useEffect } from 'react'

const mark = /^\(\d+\) /

/** While something is wrong, the tab says so: its number before the title, and a red icon. Nothing of the page is touched else. */
export function useTroubleMark(count: number): void {
  useEffect(() => {
    const show = () => {
      const title = document.title.replace(mark, '')
      const wanted = count > 0 ? `(${count}) ${title}` : title
      if (document.title !== wanted) document.title = wanted
      for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) {
        icon.dataset.calm ??= icon.href
        const href = count > 0 ? troubleIcon : icon.dataset.calm
        if (icon.href !== href) icon.href = href
      }
    }
    show()
    // the next page brings a title of its own
    const observer = new MutationObserver(show)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [count])
}

const troubleIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="1" y="1" width="30" height="30" rx="8" fill="#b42318"/><path d="M16 8v10" stroke="#fff" stroke-width="4" stroke-linecap="round"/><circle cx="16" cy="24" r="2.500" fill="#fff"/></svg>',
)}`
