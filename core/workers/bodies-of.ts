import type { EventBody, RunEvent } from '@/protocol/events'

export type BodyOf<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>

/** What the events of one type say, in order. */
export function bodiesOf<Type extends EventBody['type']>(events: RunEvent[], type: Type): BodyOf<Type>[] {
  return events.map(({ body }) => body).filter((body): body is BodyOf<Type> => body.type === type)
}
