import { Notice } from '@/components/ui/notice'

export function OfflineNotice() {
  return (
    <Notice tone="warning" className="mb-4">
      <p>The dashboard does not answer. What you see is from before; this page tries again by itself.</p>
    </Notice>
  )
}
