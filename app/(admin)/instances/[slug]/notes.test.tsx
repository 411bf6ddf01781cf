import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Notes } from './notes'

/** Promise: a note can format words, and nothing in it can run, load or lead anywhere but to a plain address. */

const html = (text: string) => renderToStaticMarkup(<Notes text={text} />)

test('words are formatted, and links open apart', () => {
  const page = html('# On call\n\n- **Ada**, [wiki](https://wiki.example.org/x?a=1) or [mail](mailto:ada@example.org)')
  expect(page).toContain('<h3>On call</h3>')
  expect(page).toContain('<strong>Ada</strong>')
  expect(page).toContain('href="https://wiki.example.org/x?a=1" rel="noopener noreferrer nofollow" target="_blank"')
  expect(page).toContain('href="mailto:ada@example.org"')
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java&#x09;script:alert(1)',
  'data:text/html,<b>x</b>',
  'file:///etc/passwd',
  '//evil.example',
  '/sign-out',
])('a link to %s keeps only its words', (address) => {
  const page = html(`[click](<${address}>)`)
  expect(page).toContain('click')
  expect(page).not.toContain('href')
})

test('raw HTML and images are left out', () => {
  const page = html(
    'a <img src=x onerror=alert(1)> b\n\n<script>alert(1)</script>\n\n![c](https://evil.example/pixel.png)',
  )
  expect(page).not.toMatch(/<(img|script)/)
  expect(page).not.toContain('evil.example')
})
