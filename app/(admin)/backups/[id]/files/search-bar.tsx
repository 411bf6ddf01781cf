'use client'

import { Search, X } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { filesHref } from './search'

const pauseMilliseconds = 250

/** Looks for names while one types; what is looked for stands in the address. */
export function SearchBar({ backupId, text }: { backupId: string; text: string }) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const look = (typed: string) => {
    const query = typed.trim()
    startTransition(() => router.replace(filesHref(backupId, query ? { q: query } : {}), { scroll: false }))
  }
  return (
    <search className="mb-4">
      <form
        action={filesHref(backupId)}
        className="flex flex-wrap items-center gap-3"
        aria-busy={pending}
        onSubmit={(event) => {
          event.preventDefault()
          clearTimeout(timer.current)
          look(String(new FormData(event.currentTarget).get('q') ?? ''))
        }}
      >
        <div className="relative min-w-0 flex-1 sm:max-w-md">
          <Search className="pointer-events-none absolute top-3 left-3 size-4 text-muted" aria-hidden />
          <Input
            key={text === '' ? 'empty' : 'typed'}
            type="search"
            name="q"
            aria-label="Find files by name"
            placeholder="Find by name, or by folder/name"
            defaultValue={text}
            autoFocus={text !== ''}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            className="pl-9"
            onChange={({ currentTarget }) => {
              clearTimeout(timer.current)
              timer.current = setTimeout(() => look(currentTarget.value), pauseMilliseconds)
            }}
          />
        </div>
        {text !== '' && (
          <Button asChild variant="ghost" size="sm">
            <Link href={filesHref(backupId)}>
              <X aria-hidden />
              All files
            </Link>
          </Button>
        )}
      </form>
    </search>
  )
}
