import { z } from 'zod'
import { idSchema, slugSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { remoteFormat } from '@/protocol/version'
import { placeOf } from './remote-problem'
import type { RemoteStore } from './remote-store'

/** `<base>/<instance>/.talekeeper.json` says whose folder this is, so that two dashboards never share one by accident. */
const markerSchema = z.object({ format: z.int(), instanceId: idSchema, slug: slugSchema })
const longestMarkerBytes = 64 * 1024

type Instance = { id: string; slug: string }

/** Throws a Problem when the instance's folder belongs to somebody else. False: there is no marker yet. */
export async function checkMarker(store: RemoteStore, instance: Instance): Promise<boolean> {
  const text = await store.read(markerPath(instance), longestMarkerBytes)
  if (text === null) return false
  const marker = parseMarker(text)
  if (marker?.instanceId === instance.id) return true
  throw new Problem({
    code: 'foreign-folder',
    text: marker
      ? `The folder ${instance.slug} on this remote belongs to another instance, of another Talekeeper perhaps.`
      : `The file .talekeeper.json in the folder ${instance.slug} on this remote cannot be read.`,
    action: 'Choose another base folder. Nothing there was touched.',
    where: `${placeOf(store.remote)}/${instance.slug}`,
  })
}

/** The same, but a folder without a marker becomes this instance's. */
export async function claimMarker(store: RemoteStore, instance: Instance): Promise<void> {
  if (await checkMarker(store, instance)) return
  const marker: z.infer<typeof markerSchema> = { format: remoteFormat, instanceId: instance.id, slug: instance.slug }
  await store.writeText(markerPath(instance), `${JSON.stringify(marker)}\n`)
  await requireMarker(store, instance)
}

/** The same, but a folder without a marker is refused too: for whatever deletes. */
export async function requireMarker(store: RemoteStore, instance: Instance): Promise<void> {
  if (!(await checkMarker(store, instance))) throw markerMissing(store, instance)
}

/** The same, but a folder without a marker will do where something lies in it, of the older scripts say: for a look that expects nothing there. */
export async function requireNoStranger(store: RemoteStore, instance: Instance): Promise<void> {
  if (await checkMarker(store, instance)) return
  const entries = await store.list(instance.slug)
  if (!entries?.length) throw markerMissing(store, instance)
}

function markerMissing(store: RemoteStore, { slug }: Instance): Problem {
  return new Problem({
    code: 'marker-missing',
    text: `The folder ${slug} on this remote has no .talekeeper.json that says whose it is.`,
    action: 'Check the base folder, and whether the remote is the right one. Nothing there was touched.',
    where: `${placeOf(store.remote)}/${slug}`,
  })
}

function markerPath(instance: Instance): string {
  return `${instance.slug}/.talekeeper.json`
}

function parseMarker(text: Buffer): z.infer<typeof markerSchema> | null {
  try {
    return markerSchema.parse(JSON.parse(text.toString('utf8')))
  } catch {
    return null
  }
}
