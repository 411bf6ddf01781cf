import { type ReactNode, Suspense } from 'react'

/** A skeleton that is there for a moment only is a flash, and worse than a short wait. */
const patienceMilliseconds = 200

/**
 * A page whose content is `children`, being made: whole where it is there in a moment, else `skeleton` first. It belongs below
 * the checks of rights and of what exists, as the answer's status goes out with the skeleton. A page that is drawn anew keeps what
 * it shows meanwhile.
 */
export async function Loaded({ skeleton, children }: { skeleton: ReactNode; children: Promise<Awaited<ReactNode>> }) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds, null)
  })
  const inTime = await Promise.race([children.then((content) => ({ content })), late])
  clearTimeout(timer)
  return <Suspense fallback={skeleton}>{inTime ? inTime.content : children}</Suspense>
}
