import { expect, it } from 'vitest'
import { restoreCommands } from './restore-commands'

it('names each artifact that holds data, and quotes what a shell would read', () => {
  const commands = restoreCommands({
    remote: { slug: 'disk', backend: 'local', baseFolder: "/mnt/it's here" },
    folder: 'demo/20261123/060000Z-nightly',
    artifacts: [
      { kind: 'mongodb', name: 'mongo.archive.zst' },
      { kind: 'files', name: 'files.tar.zst' },
      { kind: 'index', name: 'files.index.jsonl.zst' },
    ],
  })
  expect(commands).toContain(`rclone copy '/mnt/it'\\''s here/demo/20261123/060000Z-nightly' ./backup`)
  expect(commands).toContain('cat files.tar.zst.* | zstd -d | tar --extract')
  expect(commands).toContain('cat mongo.archive.zst.* | zstd -d | mongorestore --archive')
  expect(commands).not.toContain('index.jsonl')
})

it('says where the remote’s own name goes', () => {
  const remote = { slug: 'institute-box', backend: 'sftp', baseFolder: 'WT' }
  const commands = restoreCommands({ remote, folder: 'demo/x', artifacts: [] })
  expect(commands).toContain('rclone copy institute-box:WT/demo/x ./backup')
  expect(commands).toContain('institute-box is the name of this remote in your rclone.conf')
  expect(commands).not.toContain('mkdir')
})
