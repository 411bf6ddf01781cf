import { z } from 'zod'

/** Of each list so many are named, and all are counted. */
export const mostNamed = 1000

const paths = z.array(z.string().max(16_384)).max(mostNamed)

/** How Girder’s database and the restored files fit together. */
export const reconciliationSchema = z.object({
  /** paths that documents name and that lie in a restored tree */
  checked: z.int().min(0),
  /** those that lie in none of them, as far as is known */
  elsewhere: z.int().min(0),
  /** named by a document, and not there; as Girder calls them */
  absentCount: z.int().min(0),
  absent: paths,
  /** homes that no document names, as they are called on the host */
  strayCount: z.int().min(0),
  stray: paths,
})
export type Reconciliation = z.infer<typeof reconciliationSchema>
