import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { authenticateWorker } from './authenticate-worker'

const mostCharacters = 20

/** Notes that a worker of ours was refused because of its version of the protocol, so that nobody looks for it on a dead host. */
export async function noteRefusal(
  authorization: string | null,
  protocol: string | null,
  now = new Date(),
): Promise<void> {
  try {
    const { id } = await authenticateWorker(authorization)
    const refusedProtocol = protocol?.slice(0, mostCharacters) ?? 'none'
    await db().worker.update({ where: { id }, data: { refusedAt: now, refusedProtocol } })
  } catch (error) {
    // a stranger's version is nobody's business
    if (!(error instanceof Problem)) throw error
  }
}
