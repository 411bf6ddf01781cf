import { expect, test } from 'vitest'
import { enrolCommand } from './enrol-command'

const plain = {
  url: 'https://backups.example.org',
  token: 'abc-DEF_123',
  sourceRoots: ['/mnt/homes'],
  restoreRoots: [],
  localRemoteRoots: [],
  mongodb: true,
  mongodbImages: [],
}

test('the command reads the token from stdin and writes the policy', () => {
  expect(enrolCommand(plain)).toBe(
    'printf %s abc-DEF_123 | talekeeper-worker enroll --url https://backups.example.org --token-file - --allow-source /mnt/homes --allow-mongodb',
  )
})

test('images go with MongoDB only', () => {
  const images = { ...plain, mongodbImages: ['mongo:3.2'] }
  expect(enrolCommand(images)).toMatch(/ --allow-mongodb --allow-mongodb-image mongo:3\.2$/)
  expect(enrolCommand({ ...images, mongodb: false })).not.toContain('image')
})

test('a path cannot break out of its quotes', () => {
  const command = enrolCommand({ ...plain, sourceRoots: ["/srv/it's; rm -rf $HOME", '/srv/a b'] })
  expect(command).toContain(`--allow-source '/srv/it'\\''s; rm -rf $HOME' '/srv/a b'`)
})
