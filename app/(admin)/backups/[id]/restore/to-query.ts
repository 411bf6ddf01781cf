/** The search parameters of a page as the browser had them. */
export function toQuery(search: Record<string, string | string[] | undefined>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) => [value ?? []].flat().map((text) => [name, text])),
  )
}
