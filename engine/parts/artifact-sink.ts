/** Where an artifact's raw bytes go: cut into parts, compressed, spooled, uploaded and checked behind this interface. */
export type ArtifactSink = {
  /**
   * Takes the next raw bytes. Returns a promise when the writer must wait before the next call (back-pressure), else undefined.
   * The bytes must not be changed afterwards.
   */
  write: (chunk: Uint8Array) => Promise<void> | undefined
  /**
   * Parts are cut at exactly so many raw bytes: the raw byte at `n` stands in part `floor(n / partBytes)`, so that a writer
   * knows the place of a member that begins inside a chunk.
   */
  readonly partBytes: number
  /** Part and raw offset within it at which the next byte will stand. */
  position: () => { part: number; offset: number }
}
