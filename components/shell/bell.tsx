'use client'

import { Bell as BellIcon } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { isInHand } from '@/components/live/is-in-hand'
import { readLive } from '@/components/live/live-stream'
import { SeverityBadge } from '@/components/severity-badge'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { Severity } from '@/core/incidents/kind-rules'
import type { OpenIncidents } from '@/core/live/schema'
import { useTroubleMark } from './use-trouble-mark'

type ShownIncident = { id: string; title: string; severity: Severity; openedAt: string }

const mostShown = 8

/** What is wrong now, on every page: the bell's number, the tab's title and icon, and the way to each incident. */
export function Bell({ incidents, counted }: { incidents: ShownIncident[]; counted: OpenIncidents }) {
  const router = useRouter()
  const [current, setCurrent] = useState(counted)
  const onState = useEffectEvent((found: OpenIncidents) => {
    setCurrent(found)
    // the list is drawn with the page
    if (found.version !== counted.version && !document.hidden && !isInHand()) router.refresh()
  })
  useEffect(() => readLive({ onState: ({ incidents: found }) => onState(found) }), [])
  useTroubleMark(current.urgent)
  const length = current.open
  const words = length === 0 ? 'no incident' : length === 1 ? 'one open incident' : `${length} open incidents`
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="relative" aria-label={`Alerts: ${words}`}>
          <BellIcon className="size-5!" aria-hidden />
          {length > 0 && (
            <span
              aria-hidden
              className={classNames(
                'absolute -top-0.5 -right-0.5 min-w-4.5 rounded-full px-1 text-center font-semibold text-[0.6875rem] leading-4.5',
                current.worst === 'notice' ? 'bg-idle-soft text-idle' : 'bg-bad text-background',
              )}
            >
              {length > 99 ? '99+' : length}
            </span>
          )}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-[min(24rem,calc(100vw-1.5rem))]">
        <DropdownMenuLabel>{length === 0 ? 'All is well' : words}</DropdownMenuLabel>
        {incidents.slice(0, mostShown).map(({ id, title, severity, openedAt }) => (
          <DropdownMenuItem key={id} asChild>
            <Link href={`/incidents/${id}`} className="items-start!">
              <span className="min-w-0 flex-1">
                <span className="line-clamp-2 break-words">{title}</span>
                <span className="text-muted text-xs">
                  <Time at={openedAt} plain />
                </span>
              </span>
              <SeverityBadge severity={severity} />
            </Link>
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/incidents">{length > mostShown ? `All ${length} incidents` : 'All incidents'}</Link>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
