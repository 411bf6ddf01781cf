/** Headers that proxy.ts puts on each request before a page sees it; what a client sends under these names is overwritten. */

/** where the browser is: path and query */
export const pathHeader = 'x-talekeeper-path'
/** the nonce of this page's Content-Security-Policy */
export const nonceHeader = 'x-nonce'
