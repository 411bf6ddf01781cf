import type { ContentEntry } from '@/core/contents/list-contents'

const letters: Record<ContentEntry['kind'], string> = {
  folder: 'd',
  file: '-',
  hardlink: '-',
  symlink: 'l',
  fifo: 'p',
  'character-device': 'c',
  'block-device': 'b',
}

/** `drwxr-sr-t`, as `ls -l` writes it. */
export function formatMode(kind: ContentEntry['kind'], mode: number): string {
  const rights = [
    { shift: 6, special: 0o4000, marks: ['s', 'S'] },
    { shift: 3, special: 0o2000, marks: ['s', 'S'] },
    { shift: 0, special: 0o1000, marks: ['t', 'T'] },
  ].map(({ shift, special, marks: [both, alone] }) => {
    const bits = mode >> shift
    const runs = (bits & 1) !== 0
    const last = (mode & special) === 0 ? (runs ? 'x' : '-') : runs ? both : alone
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`
  })
  return letters[kind] + rights.join('')
}
