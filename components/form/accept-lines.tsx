'use client'

import { type ReactNode, useState } from 'react'
import { ChoiceBox } from '@/components/form/choice-box'
import type { CheckLine } from '@/protocol/restore-check'

/** A box for each amber line, and a button that waits until all are ticked. */
export function AcceptLines({
  lines,
  fields,
  button,
}: {
  lines: CheckLine[]
  /** between the boxes and the button */
  fields: ReactNode
  button: (isAllTicked: boolean) => ReactNode
}) {
  const ambers = lines.filter(({ level }) => level === 'amber')
  const [ticked, setTicked] = useState<string[]>([])
  return (
    <>
      {ambers.length > 0 && (
        <fieldset className="space-y-4">
          <legend className="mb-3 font-medium text-sm">I have seen, and accept:</legend>
          {ambers.map(({ name, text, action }) => (
            <ChoiceBox
              key={name}
              name="accepted"
              value={name}
              label={text}
              description={action}
              checked={ticked.includes(name)}
              onChange={({ currentTarget: { checked } }) =>
                setTicked((before) => (checked ? [...before, name] : before.filter((one) => one !== name)))
              }
            />
          ))}
        </fieldset>
      )}
      {fields}
      {button(ambers.every(({ name }) => ticked.includes(name)))}
    </>
  )
}
