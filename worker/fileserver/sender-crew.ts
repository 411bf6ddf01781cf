import type { RunReference } from '@/protocol/worker-api'
import type { ControlPlane, Refused } from './control-plane'
import type { EventJournal } from './event-journal'
import { EventSender } from './event-sender'
import type { WorkerLog } from './worker-log'

export type RunOrders = {
  /** a person asked to cancel the run */
  onCancel: (run: RunReference) => void
  /** another attempt has the run, or it was settled without us */
  onDisowned: (run: RunReference, refusal: Refused) => void
}

/** All senders of this process: of the run in hand, and of earlier ones that the control plane did not take yet. */
export class SenderCrew {
  readonly #control: ControlPlane
  readonly #orders: RunOrders
  readonly #log: WorkerLog
  readonly #senders = new Set<EventSender>()

  constructor(control: ControlPlane, orders: RunOrders, log: WorkerLog) {
    this.#control = control
    this.#orders = orders
    this.#log = log
  }

  /** `resume`: the journal is an earlier process's. */
  start(journal: EventJournal, resume = false): EventSender {
    const { run } = journal
    const sender = new EventSender(
      {
        journal,
        control: this.#control,
        log: this.#log,
        onCancel: () => this.#orders.onCancel(run),
        onDisowned: (refusal) => this.#orders.onDisowned(run, refusal),
      },
      resume,
    )
    this.#senders.add(sender)
    void sender.ended.then(() => this.#senders.delete(sender))
    return sender
  }

  /** Gives them so long to deliver what is there; the rest stays in the journals. */
  async finish(graceMilliseconds: number): Promise<void> {
    const senders = [...this.#senders]
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMilliseconds)
    })
    await Promise.race([grace, Promise.all(senders.map((sender) => sender.ended))])
    clearTimeout(timer)
    const undelivered = this.#senders.size
    await Promise.all(senders.map((sender) => sender.stop()))
    if (undelivered > 0) this.#log('warn', 'Events that are not taken yet stay on disk for the next start.')
  }
}
