import Markdown, { type Components } from 'react-markdown'
import { safeLink } from './safe-link'

/** Headings of a note begin below those of the page. */
const components: Components = {
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noopener noreferrer nofollow" target="_blank">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
}

const looks = [
  'max-w-3xl space-y-3 break-words text-sm',
  '[&_:is(h3,h4,h5,h6)]:font-semibold [&_h3]:text-base',
  '[&_a]:rounded-sm [&_a]:text-accent [&_a]:underline [&_a]:underline-offset-2',
  '[&_ul]:list-disc [&_ol]:list-decimal [&_:is(ul,ol)]:space-y-1 [&_:is(ul,ol)]:ps-5',
  '[&_code]:rounded [&_code]:bg-surface-muted [&_code]:px-1 [&_code]:font-mono [&_code]:text-xs',
  '[&_pre]:overflow-x-auto [&_pre]:rounded-lg [&_pre]:bg-surface-muted [&_pre]:p-3 [&_pre_code]:p-0',
  '[&_blockquote]:border-border [&_blockquote]:border-s-2 [&_blockquote]:ps-3 [&_blockquote]:text-muted',
].join(' ')

/** Markdown of people: no raw HTML, no images, and links of safe kinds only, which open apart from the dashboard. */
export function Notes({ text }: { text: string }) {
  return (
    <div className={looks} dir="auto">
      <Markdown skipHtml disallowedElements={['img']} urlTransform={safeLink} components={components}>
        {text}
      </Markdown>
    </div>
  )
}
