import { Problem } from '@/protocol/problem'

export function outsidePolicy(path: string): Problem {
  return new Problem({
    code: 'outside-policy',
    text: `${path} lies outside the folders that this worker may back up.`,
    action: 'Add its folder to sourceRoots in the policy file of the worker, or choose another one.',
    where: path.slice(0, 1000),
  })
}
