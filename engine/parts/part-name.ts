/** `files.tar.zst.00000`: five digits, so that the shell's `*` sorts them. */
export function partName(artifactName: string, number: number): string {
  return `${artifactName}.${String(number).padStart(5, '0')}`
}

/** Parts that five digits can number. */
export const mostParts = 100_000
