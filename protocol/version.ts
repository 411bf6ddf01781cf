/** Spoken in the `Talekeeper-Protocol` header of every request between worker and control plane. */
export const protocolVersion = 1

/** Version of the layout and manifest on the remote (docs/remote-format.md). */
export const remoteFormat = 1
