import { Problem } from './problem'

/** A section of rclone.conf as it stands there, `type` among its options. */
export type ConfigSection = { name: string; options: Record<string, string> }

const mostSections = 100
const longestText = 256 * 1024

/**
 * Reads the text of an rclone.conf: `[name]`, then `option = value` a line, and comments. What is none of these is an error, as
 * a half-understood file would make half-right remotes. Throws Problem `config-encrypted` or `config-unreadable`.
 */
export function parseRcloneConfig(text: string): ConfigSection[] {
  if (text.length > longestText) throw unreadable('It is longer than 256 KiB.')
  if (/^\s*RCLONE_ENCRYPT_V\d+:/m.test(text))
    throw new Problem({
      code: 'config-encrypted',
      text: 'This rclone.conf is encrypted by a password of its own.',
      action: 'Paste what “rclone config show” prints: it asks for the password, and shows the same in the clear.',
      where: 'text',
    })
  const sections = new Map<string, ConfigSection>()
  let section: ConfigSection | null = null
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const header = /^\[([^\]]{1,200})\]$/.exec(line)
    if (header) {
      const name = (header[1] ?? '').trim()
      if (sections.has(name)) throw unreadable(`Section “${name}” comes twice.`)
      section = { name, options: {} }
      sections.set(name, section)
      continue
    }
    const option = /^([A-Za-z0-9_-]{1,80})\s*=\s*(.*)$/.exec(line)
    if (!option || !section) throw unreadable(`Line ${index + 1} is neither a section nor an option.`)
    section.options[(option[1] ?? '').toLowerCase().replaceAll('-', '_')] = option[2] ?? ''
  }
  if (sections.size === 0) throw unreadable('There is no section in it, such as [my-remote].')
  if (sections.size > mostSections) throw unreadable(`It has more than ${mostSections} sections.`)
  return [...sections.values()]
}

function unreadable(text: string): Problem {
  return new Problem({
    code: 'config-unreadable',
    text: `This is not an rclone.conf that can be read. ${text}`,
    action: 'Paste the whole file, or what “rclone config show” prints.',
    where: 'text',
  })
}
