/** Whether a path holds `*` or `?`, which stand for what one name holds. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path)
}

/**
 * Whether a name fits a pattern: `*` is any run of characters, `?` any one. As in a shell, a name that begins with a dot is meant
 * only by a pattern that does. Time grows with the product of both lengths, never faster.
 */
export function isMatch(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  const [text, wanted] = [[...name], [...pattern]]
  let [at, position, star, resume] = [0, 0, -1, 0]
  while (at < text.length) {
    if (wanted[position] === '*') {
      star = position++
      resume = at
    } else if (position < wanted.length && (wanted[position] === '?' || wanted[position] === text[at])) {
      at += 1
      position += 1
    } else if (star >= 0) {
      position = star + 1
      at = ++resume
    } else return false
  }
  return wanted.slice(position).every((character) => character === '*')
}
