'use client'

import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useDownload } from './download-desk'

export function DownloadButton({ entryId, label, isFolder }: { entryId: number; label: string; isFolder: boolean }) {
  const download = useDownload()
  const what = isFolder ? `Download the folder ${label} as .tar.zst` : `Download ${label}`
  return (
    <Button size="icon-sm" variant="ghost" aria-label={what} title={what} onClick={() => download({ entryId, label })}>
      <Download aria-hidden />
    </Button>
  )
}
