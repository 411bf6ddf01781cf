import { setTimeout as pause } from 'node:timers/promises'
import { sendDue } from '@/core/deliveries/send-due'
import { watch } from '@/core/incidents/watch'
import { clockFactor, fastClock } from './outbox-clock'

/** What control does with incidents and messages, as fast as it can, until it is killed. Says so once it has got going. */
const now = fastClock(Number(process.argv[2]), clockFactor)
for (let turn = 0; ; turn++) {
  await watch(now())
  await sendDue(now)
  if (turn === 0) process.send?.('ready')
  await pause(5)
}
