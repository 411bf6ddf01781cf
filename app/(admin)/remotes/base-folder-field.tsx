'use client'

import { FolderOpen } from 'lucide-react'
import { useRef, useState } from 'react'
import { TextField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { FolderPicker } from './folder-picker'

/** The base folder, typed or picked from what lies on the remote. */
export function BaseFolderField({
  initial,
  isAbsolute,
  placeholder,
  description,
}: {
  initial: string
  /** paths on the remote begin with a slash */
  isAbsolute: boolean
  placeholder: string
  description: string
}) {
  const place = useRef<HTMLDivElement>(null)
  const [folder, setFolder] = useState(initial)
  const [picking, setPicking] = useState<HTMLFormElement | null>(null)
  return (
    <div ref={place} className="space-y-2.5">
      <TextField
        name="baseFolder"
        label="Base folder"
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
        placeholder={placeholder}
        spellCheck={false}
        description={description}
      />
      <Button size="sm" onClick={() => setPicking(place.current?.closest('form') ?? null)}>
        <FolderOpen aria-hidden />
        Browse…
      </Button>
      <Dialog open={picking !== null} onOpenChange={(open) => !open && setPicking(null)}>
        <DialogContent
          title="Choose the base folder"
          description="Only folders are shown. Nothing outside of the chosen one is ever written or deleted."
        >
          {picking && (
            <FolderPicker
              form={picking}
              isAbsolute={isAbsolute}
              onChoose={(chosen) => {
                setFolder(chosen)
                setPicking(null)
              }}
            />
          )}
        </DialogContent>
      </Dialog>
    </div>
  )
}
