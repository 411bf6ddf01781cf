'use client'

import { Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useHotkeys } from 'react-hotkeys-hook'
import type { FormAction } from '@/components/form/action-result'
import { Button } from '@/components/ui/button'
import { CommandPalette } from './command-palette'
import { places } from './places'
import { Key, ShortcutsDialog } from './shortcuts-dialog'

/** The character that is typed counts: which keys make it differs from keyboard to keyboard. */
const asTyped = { useKey: true, ignoreModifiers: true }

/** The keyboard's ways through the dashboard, and the button that opens the palette for the others. */
export function QuickAccess({ runPlan }: { runPlan: FormAction }) {
  const router = useRouter()
  const [opened, setOpened] = useState<'palette' | 'shortcuts' | null>(null)
  const toggle = (what: 'palette' | 'shortcuts') => (open: boolean) => setOpened(open ? what : null)

  useHotkeys('mod+k', () => setOpened('palette'), { preventDefault: true, enableOnFormTags: true })
  useHotkeys('?', () => setOpened('shortcuts'), asTyped)
  useHotkeys('/', () => focusSearch() || setOpened('palette'), { ...asTyped, preventDefault: true })
  useHotkeys(
    places.map(({ key }) => `g>${key}`),
    (_, { keys }) => {
      const place = places.find(({ key }) => key === keys?.at(-1))
      if (place) router.push(place.href)
    },
    { enabled: opened === null },
  )

  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="sm:hidden"
        aria-label="Search"
        onClick={() => setOpened('palette')}
      >
        <Search className="size-5!" aria-hidden />
      </Button>
      <Button className="mr-1 text-muted max-sm:hidden" size="sm" onClick={() => setOpened('palette')}>
        <Search aria-hidden />
        Go to anything
        <Key>Ctrl K</Key>
      </Button>
      <CommandPalette
        open={opened === 'palette'}
        onOpenChange={toggle('palette')}
        onShowShortcuts={() => setOpened('shortcuts')}
        runPlan={runPlan}
      />
      <ShortcutsDialog open={opened === 'shortcuts'} onOpenChange={toggle('shortcuts')} />
    </>
  )
}

/** True when the page has a search field, which has the focus now. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
  field?.focus()
  return field !== null
}
