import { expect, test } from 'vitest'
import { askSpecSchema } from '@/protocol/specs'
import { parseSpec } from './parse-spec'

const id = '5a3c9d0e-6f1b-4c2d-8e7f-90a1b2c3d4e5'
const spec = (options: Record<string, string>) => ({
  ...{ question: 'test-remote', askId: id, attempt: 1, instance: { id, slug: 'wt-prod' } },
  remote: { id, backend: 'smb', baseFolder: 'share/WT', options },
})

test('a worker passes on no option that could harm its host, whatever the control plane says, and names it', () => {
  expect(parseSpec(askSpecSchema, spec({ host: 'files.example.org' }))).toBeTruthy()
  const refused = () => parseSpec(askSpecSchema, spec({ host: 'files', kerberos_ccache: '/tmp/MARKER' }))
  expect(refused).toThrow(/kerberos_ccache reads or writes a file/)
  expect(refused).not.toThrow(/MARKER/)
})
