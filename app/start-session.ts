import { startSession } from '@/lib/auth'
import { Problem } from '@/protocol/problem'

/** Turns a fresh ticket into the browser's cookie. Throws Problem `ticket-worthless` where that fails. */
export async function startSessionOrThrow(ticket: string): Promise<void> {
  if (await startSession(ticket)) return
  throw new Problem({
    code: 'ticket-worthless',
    text: 'The session could not be opened.',
    action: 'Try again. If it keeps failing, look at the log of the web process.',
  })
}
