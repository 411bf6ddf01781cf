import { isUtf8 } from 'node:buffer'

/** A file name for people: UTF-8 as it is, control characters and bytes that are not UTF-8 as `\xNN`, at most 4096 characters. */
export function displayName(name: Uint8Array): string {
  const bytes = Buffer.from(name.buffer, name.byteOffset, name.length)
  const text = isUtf8(bytes)
    ? bytes.toString('utf8').replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\\]/gu, escapeCharacter)
    : bytes.toString('latin1').replace(/[\p{Cc}\x80-\xff\\]/gu, escapeCharacter)
  return text.slice(0, 4096)
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\'
  const bytes = Buffer.from(character, character.charCodeAt(0) < 256 ? 'latin1' : 'utf8')
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
