import { Suspense, isValidElement } from 'react'
import { expect, it } from 'vitest'
import { Loaded } from './loaded'

const drawn = (children: Promise<string>) => Loaded({ skeleton: 'skeleton', children })

it('is whole where the content is there in a moment, and a skeleton first where it takes longer, of one shape in the tree', async () => {
  const quick = await drawn(Promise.resolve('content'))
  expect(isValidElement(quick) && quick.type).toBe(Suspense)
  expect(quick.props).toEqual({ fallback: 'skeleton', children: 'content' })
  const content = new Promise<string>(() => {})
  const slow = await drawn(content)
  expect(slow.type).toBe(Suspense)
  expect(slow.props.children).toBe(content)
})

it('fails as the content does, so that a page that is not there is answered as such', async () => {
  await expect(drawn(Promise.reject(new Error('not found')))).rejects.toThrow('not found')
})
