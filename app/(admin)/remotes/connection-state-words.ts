import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'

export const connectionStateWords: Record<ConnectionChoice['state'], string> = {
  entered: 'not connected yet',
  connected: 'connected',
  reconnectNeeded: 'reconnect needed',
  disconnected: 'disconnected',
}
