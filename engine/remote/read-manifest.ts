import type { z } from 'zod'
import { isSignedBy, sha256Hex } from '@/lib/crypto'
import { type Manifest, manifestSchema } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { backupReferenceSchema } from '@/protocol/specs'
import { remoteFormat } from '@/protocol/version'
import { manifestName, signatureName } from './backup-folder'
import type { RemoteStore } from './remote-store'

export type BackupReference = z.infer<typeof backupReferenceSchema>

/** A larger one is not ours; refused before it is read into memory. */
export const longestManifestBytes = 64 * 1024 * 1024
export const longestSignatureBytes = 4096

/**
 * The manifest of a backup, trusted: its SHA-256 is the one that the dashboard keeps, or it is signed by one of the keys, and it
 * speaks of the very backup, instance and parts that were asked for. With `signed` it must have both. Throws a Problem for
 * anything else.
 */
export async function readTrustedManifest(
  store: RemoteStore,
  reference: BackupReference,
  signingKeys: string[],
  must: { signed: boolean } = { signed: false },
): Promise<Manifest> {
  return (await readTrustedText(store, reference, signingKeys, must)).manifest
}

/** The same, with the very bytes of the manifest, and of its signature where that was wanted. */
export async function readTrustedText(
  store: RemoteStore,
  reference: BackupReference,
  signingKeys: string[],
  must: { signed: boolean },
): Promise<{ manifest: Manifest; text: string; signature: string | null }> {
  const folder = `${reference.instance.slug}/${reference.folder}`
  const bytes = await store.read(`${folder}/${manifestName}`, longestManifestBytes)
  if (!bytes)
    throw refusal(
      'manifest-missing',
      'This backup has no manifest on the remote: it was never finished, or was deleted.',
      folder,
    )

  if (reference.manifestSha256 !== null) requireHash(bytes, reference.manifestSha256, folder)
  const isSignatureWanted = reference.manifestSha256 === null || must.signed
  const signature = isSignatureWanted ? await requireSignature(store, bytes, signingKeys, folder) : null

  const manifest = parseManifest(bytes, folder)
  requireSameBackup(manifest, reference, folder)
  requireOrderedParts(manifest, folder)
  return { manifest, text: bytes.toString('utf8'), signature }
}

/** The manifest's form alone, with no word on who wrote it. */
export function parseManifest(bytes: Uint8Array, where: string): Manifest {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refusal('manifest-unreadable', 'The manifest of this backup is no JSON.', where)
  }
  const format = json && typeof json === 'object' && 'format' in json ? json.format : undefined
  if (typeof format === 'number' && format > remoteFormat)
    throw new Problem({
      code: 'newer-format',
      text: `This backup is of format ${format}; this worker knows formats up to ${remoteFormat}.`,
      action: 'Update the worker.',
      where,
    })
  const parsed = manifestSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path.join('.') ?? ''
  throw refusal(
    'manifest-unreadable',
    `The manifest of this backup is not as format ${remoteFormat} wants it, at “${field}”.`,
    where,
  )
}

function requireHash(bytes: Buffer, sha256: string, where: string): void {
  if (sha256Hex(bytes) !== sha256)
    throw refusal('manifest-altered', 'The manifest of this backup was altered since the backup was made.', where)
}

async function requireSignature(store: RemoteStore, bytes: Buffer, keys: string[], folder: string): Promise<string> {
  const signature = await store.read(`${folder}/${signatureName}`, longestSignatureBytes)
  if (!signature)
    throw refusal(
      'manifest-unsigned',
      'The manifest of this backup is not signed, so nobody can tell who wrote it.',
      folder,
    )
  const text = signature.toString('utf8').trim()
  if (!keys.some((key) => isSignedBy(bytes, text, key)))
    throw refusal(
      'manifest-wrong-signature',
      'The signature of this backup’s manifest is not by this dashboard.',
      folder,
    )
  return text
}

function requireSameBackup(manifest: Manifest, reference: BackupReference, where: string): void {
  const same =
    manifest.backupId === reference.id &&
    manifest.instance.id === reference.instance.id &&
    manifest.instance.slug === reference.instance.slug
  if (!same) throw refusal('manifest-foreign', 'The manifest in this folder speaks of another backup.', where)
}

/** Every artifact is its parts in order, each once, and nothing else: what is listed is what is read. */
function requireOrderedParts(manifest: Manifest, where: string): void {
  const names = new Set<string>()
  for (const artifact of manifest.artifacts) {
    const sums = { bytes: 0, rawBytes: 0 }
    artifact.parts.forEach((part, number) => {
      sums.bytes += part.bytes
      sums.rawBytes += part.rawBytes
      if (part.name !== `${artifact.name}.${String(number).padStart(5, '0')}`)
        throw refusal(
          'manifest-unreadable',
          `The manifest lists ${part.name} where part ${number} of ${artifact.name} should be.`,
          where,
        )
    })
    if (sums.bytes !== artifact.bytes || sums.rawBytes !== artifact.rawBytes || names.has(artifact.name))
      throw refusal('manifest-unreadable', `The manifest contradicts itself about ${artifact.name}.`, where)
    names.add(artifact.name)
  }
}

function refusal(code: string, text: string, where: string): Problem {
  return new Problem({ code, text, action: 'Choose another backup. Nothing was changed.', where })
}
