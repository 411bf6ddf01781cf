/** Who causes a change. `control` is the background process itself; `terminal` a person on the server's own command line. */
export type Actor = {
  kind: 'user' | 'worker' | 'control' | 'terminal'
  id: string | null
  /** as shown in the audit log; kept there when the user or worker is gone */
  name: string | null
  /** of users only */
  role?: 'viewer' | 'operator' | 'admin'
}

/** The background process acting by itself: the tick, retention, lost runs. */
export const control: Actor = { kind: 'control', id: null, name: null }
