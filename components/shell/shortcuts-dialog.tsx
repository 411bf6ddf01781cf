'use client'

import { Dialog, DialogContent } from '@/components/ui/dialog'
import { places } from './places'

const shortcuts = [
  { keys: ['Ctrl', 'K'], text: 'Go to anything, run a plan, open the last failure' },
  { keys: ['/'], text: 'Search on this page' },
  ...places.map(({ key, label }) => ({ keys: ['g', key], text: label })),
  { keys: ['?'], text: 'This list' },
  { keys: ['Esc'], text: 'Close what is open' },
]

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard shortcuts" description="They do nothing while you type in a field.">
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5 text-sm">
          {shortcuts.map(({ keys, text }) => (
            <div key={text} className="contents">
              <dt className="flex gap-1.5">
                {keys.map((key) => (
                  <Key key={key}>{key}</Key>
                ))}
              </dt>
              <dd className="text-muted">{text}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  )
}

export function Key({ children }: { children: string }) {
  return (
    <kbd className="min-w-6 rounded-md border border-border bg-surface-muted px-1.5 py-0.5 text-center font-mono text-text text-xs">
      {children}
    </kbd>
  )
}
