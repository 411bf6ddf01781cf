'use client'

import { Command } from 'cmdk'
import {
  CalendarClock,
  CircleAlert,
  CircleUserRound,
  Cpu,
  HardDrive,
  Keyboard,
  Play,
  Search,
  Server,
  Siren,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog as RadixDialog } from 'radix-ui'
import { type ReactNode, startTransition, useState } from 'react'
import { toast } from 'sonner'
import type { FormAction } from '@/components/form/action-result'
import { classNames } from '@/components/ui/class-names'
import { overlayStyle } from '@/components/ui/dialog'
import type { Destinations } from '@/core/destinations/schema'
import { places } from './places'
import { useDestinations } from './use-destinations'

const kindLooks = {
  incident: { icon: Siren, group: 'Open incidents' },
  instance: { icon: Server, group: 'Instances' },
  plan: { icon: CalendarClock, group: 'Plans' },
  remote: { icon: HardDrive, group: 'Remotes' },
  worker: { icon: Cpu, group: 'Workers' },
} as const
const kinds = Object.keys(kindLooks) as (keyof typeof kindLooks)[]

/** Goes to anything by its name, runs a plan, opens the last failure. Opened by Ctrl-K, by `/` where a page has no search, or the bar's button. */
export function CommandPalette({
  open,
  onOpenChange,
  onShowShortcuts,
  runPlan,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onShowShortcuts: () => void
  runPlan: FormAction
}) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={overlayStyle} />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-border bg-surface-raised shadow-xl"
        >
          <RadixDialog.Title className="sr-only">Go to anything</RadixDialog.Title>
          <Palette close={() => onOpenChange(false)} onShowShortcuts={onShowShortcuts} runPlan={runPlan} />
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

type PaletteProps = { close: () => void; onShowShortcuts: () => void; runPlan: FormAction }

function Palette({ close, onShowShortcuts, runPlan }: PaletteProps) {
  const router = useRouter()
  const [text, setText] = useState('')
  const { destinations: found, problem } = useDestinations()
  const go = (href: string) => {
    close()
    router.push(href)
  }
  const run = (planId: string) => {
    close()
    const form = new FormData()
    form.set('id', planId)
    startTransition(async () => {
      const answer = await runPlan(null, form)
      if (!answer.ok) toast.error(answer.problem.text, { description: answer.problem.action })
      else if (answer.message) toast.success(answer.message)
      if (answer.ok && answer.href) router.push(answer.href)
    })
  }
  return (
    <Command label="Go to anything" loop>
      <div className="flex items-center gap-2.5 border-border border-b px-4">
        <Search className="size-4 shrink-0 text-muted" aria-hidden />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Where to, or what to do?"
          className="h-12 w-full bg-transparent outline-none placeholder:text-muted"
        />
      </div>
      <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto overscroll-contain p-2">
        <Command.Empty className="px-3 py-6 text-center text-muted text-sm">Nothing has such a name.</Command.Empty>
        {problem && (
          <p role="alert" className="px-3 py-2 text-bad text-sm">
            {problem}
          </p>
        )}
        <LastFailure failure={found?.lastFailure ?? null} go={go} />
        {kinds.map((kind) => (
          <Group key={kind} heading={kindLooks[kind].group}>
            {found?.destinations
              .filter((destination) => destination.kind === kind)
              .map(({ href, label, hint }) => (
                <Item key={href} id={href} icon={kindLooks[kind].icon} hint={hint} onSelect={() => go(href)}>
                  {label}
                </Item>
              ))}
          </Group>
        ))}
        <Group heading="Run now">
          {found?.runnablePlans.map(({ id, label, hint }) => (
            <Item key={id} id={`run ${id}`} icon={Play} hint={hint} onSelect={() => run(id)}>
              Run {label}
            </Item>
          ))}
        </Group>
        <Group heading="Pages">
          {places.map(({ href, label, icon }) => (
            <Item key={href} id={`page ${href}`} icon={icon} onSelect={() => go(href)}>
              {label}
            </Item>
          ))}
          <Item id="page account" icon={CircleUserRound} onSelect={() => go('/account')}>
            Your account
          </Item>
          <Item id="shortcuts" icon={Keyboard} onSelect={onShowShortcuts}>
            Keyboard shortcuts
          </Item>
        </Group>
      </Command.List>
    </Command>
  )
}

function LastFailure({ failure, go }: { failure: Destinations['lastFailure']; go: (href: string) => void }) {
  if (!failure) return null
  return (
    <Group heading="Look at">
      <Item id="last failure" icon={CircleAlert} hint={failure.label} onSelect={() => go(failure.href)}>
        Last failure
      </Item>
    </Group>
  )
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  )
}

/** `id` keeps two of the same name apart; what is searched are the words that are shown. */
function Item({
  id,
  icon: Icon,
  hint = '',
  onSelect,
  children,
}: {
  id: string
  icon: typeof Server
  hint?: string
  onSelect: () => void
  children: string | string[]
}) {
  return (
    <Command.Item
      value={id}
      keywords={[[children].flat().join(''), hint]}
      onSelect={onSelect}
      className={classNames(
        'flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm',
        'data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent',
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 truncate">{children}</span>
      {hint && <span className="ml-auto min-w-0 truncate pl-4 text-muted text-xs">{hint}</span>}
    </Command.Item>
  )
}
