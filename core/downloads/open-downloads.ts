import type { AskedTransfer } from '@/core/transfers/ask-for-transfer'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { log } from '@/lib/log'
import { Problem, type ProblemFacts, toProblemFacts } from '@/protocol/problem'

/** `waiting`: for the first bytes. `ready`: to be taken, once. */
export type DownloadState = 'waiting' | 'ready' | 'sending' | 'done' | 'failed'

/** One thing on its way from a worker to the browser of the person who asked for it, in the memory of this process. */
export type Download = {
  userId: string
  /** what the browser calls the file */
  fileName: string
  /** null: nobody knows */
  bytes: number | null
  state: DownloadState
  sentBytes: number
  /** all bytes were handed to the browser */
  isComplete: boolean
  /** entries that were not sent, since they could do harm where they are unpacked; null until the end */
  leftOut: number | null
  problem: ProblemFacts | null
  take: (() => ReadableStream<Uint8Array>) | null
}

/** A link that nobody follows, and one that was followed, are forgotten after so long. */
const unclaimedMilliseconds = 120_000
const keptMilliseconds = 600_000

const shared = globalThis as typeof globalThis & { talekeeperDownloads?: Map<string, Download> }

/** By the SHA-256 of their token. All bundles of the web process share this one. */
function open(): Map<string, Download> {
  shared.talekeeperDownloads ??= new Map()
  return shared.talekeeperDownloads
}

/** A download by the token of its link, for the person who asked for it and nobody else. Throws Problem `download-not-found`. */
export function findDownload(token: string, userId: string | null): Download {
  const download = open().get(sha256Hex(token))
  if (download && download.userId === userId) return download
  throw new Problem({
    code: 'download-not-found',
    text: 'This link is not known, was made for somebody else, or is over.',
    action: 'Ask for the download again on the page of the backup’s files.',
  })
}

/** Waits for the first bytes of a transfer, and keeps the rest back until somebody follows the link. Returns its token. */
export function openDownload(
  facts: Pick<Download, 'userId' | 'fileName' | 'bytes'>,
  { transfer, bytes, answer }: AskedTransfer,
): string {
  const token = randomToken()
  const key = sha256Hex(token)
  const download: Download = {
    ...facts,
    state: 'waiting',
    sentBytes: 0,
    isComplete: false,
    leftOut: null,
    problem: null,
    take: null,
  }
  open().set(key, download)
  const end = (state: 'done' | 'failed', error?: unknown) => {
    if (download.state === 'done' || download.state === 'failed') return
    download.state = state
    download.take = null
    if (error !== undefined) download.problem = toProblemFacts(error)
    if (error !== undefined && !(error instanceof Problem)) log.error({ err: error }, 'a download failed')
    transfer.end(error ?? new Error('it is done'))
    setTimeout(() => open().delete(key), keptMilliseconds).unref()
  }
  bytes.next().then(
    (first) => {
      download.state = 'ready'
      const timer = setTimeout(() => end('failed', unclaimed()), unclaimedMilliseconds).unref()
      download.take = () => {
        clearTimeout(timer)
        download.take = null
        download.state = 'sending'
        return toStream(first, { bytes, answer }, download, end)
      }
    },
    (error: unknown) => end('failed', error),
  )
  answer.catch((error: unknown) => {
    if (!download.isComplete) end('failed', error)
  })
  return token
}

/** As fast as the browser takes it; one that goes away ends it all. */
function toStream(
  first: IteratorResult<Uint8Array>,
  { bytes, answer }: Pick<AskedTransfer, 'bytes' | 'answer'>,
  download: Download,
  end: (state: 'done' | 'failed', error?: unknown) => void,
): ReadableStream<Uint8Array> {
  let next: IteratorResult<Uint8Array> | undefined = first
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = next ?? (await bytes.next())
          next = undefined
          if (done) {
            download.isComplete = true
            controller.close()
            // the worker's last word comes after its bytes; should it be lost, they are there all the same
            const { leftOut } = await answer.catch(() => ({ leftOut: null }))
            download.leftOut = leftOut
            end('done')
          } else {
            download.sentBytes += value.length
            controller.enqueue(value)
          }
        } catch (error) {
          end('failed', error)
          controller.error(error)
        }
      },
      cancel: async () => {
        end('failed', browserGone())
        await bytes.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

function unclaimed(): Problem {
  return new Problem({
    code: 'download-unclaimed',
    text: 'The link was not followed within two minutes.',
    action: 'Ask for the download again.',
  })
}

function browserGone(): Problem {
  return new Problem({
    code: 'download-stopped',
    text: 'The browser stopped the download.',
    action: 'Ask for it again.',
  })
}
