import type { FakeControl } from './control'

type Remote<T> = {
  [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Promise<Awaited<Answer>>
    : never
}

/** The control of fake providers that run in another process. */
export function controlAt(url: string): Remote<FakeControl> {
  return new Proxy({} as Remote<FakeControl>, {
    get:
      (_target, name) =>
      async (...given: unknown[]) => {
        const response = await fetch(`${url}/${String(name)}`, { method: 'POST', body: JSON.stringify(given) })
        const answer: unknown = await response.json()
        if (!response.ok) throw new Error(`fake providers: ${JSON.stringify(answer)}`)
        return answer
      },
  })
}
