import type { LandmarkModel } from '../face/landmark-model';
import { NO_TIMINGS } from '../face/no-timings';
import { DEFAULT_FOV } from '../face/projection';
import { frameLine } from '../recording/frame-line';
import { faceOfRecord, type RecordedFace } from '../recording/recorded-frame';
import { newHeader, type RecordingHeader } from '../recording/recording-header';
import { RecordingStore } from '../recording/recording-store';
import { type ClipFace, type ClipFrame, ClipTracks } from './clip-tracks';

/** A clip, and how it is tracked. */
export interface ClipIdentity {
  readonly name: string;
  readonly kind: RecordingHeader['source']['kind'];
  readonly bundle: string;
  readonly faces: number;
}

/** Bytes of each part of a file that its key depends on. */
const PART = 65_536;
/** Frames whose masks are read together. */
const BATCH = 200;

/** Key of a clip's result: name, size, three parts of the file, weights and number of faces. */
export async function clipKey(clip: Blob, { name, bundle, faces }: ClipIdentity): Promise<string> {
  const facts = new TextEncoder().encode(JSON.stringify([name, clip.size, bundle, faces]));
  const starts = [0, Math.floor(clip.size / 2), Math.max(0, clip.size - PART)];
  const parts = await Promise.all(starts.map((start) => clip.slice(start, start + PART).arrayBuffer()));
  const hash = await crypto.subtle.digest('SHA-256', await new Blob([facts, ...parts]).arrayBuffer());
  const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `clip-${digits.slice(0, 40)}`;
}

/** Stores the result of a clip as a recording, whose id is its key. Rejects with RecordingError. */
export async function storeClip(
  key: string,
  tracks: ClipTracks,
  identity: ClipIdentity,
  store = new RecordingStore(),
): Promise<void> {
  const { width = 1, height = 1 } = tracks.frames[0] ?? {};
  const { name, kind, bundle } = identity;
  const facts = { name: `${name}, whole video`, source: { kind, name }, bundle, width, height };
  await store.delete(key);
  const writer = await store.create({ ...newHeader(facts), id: key });
  for (const [index, { time, width, height, faces }] of tracks.frames.entries()) {
    const image = undefined as never;
    const frame = { image, time, index, width, height, source: name };
    const tracked = { frame, faces: tracks.facesOf(index), timings: NO_TIMINGS, provider: 'wasm' } as const;
    const masks = Object.fromEntries(faces.map(({ mask }, i) => [maskName(i), mask]));
    await writer.append(frameLine(tracked, name, { points478: false, fov: DEFAULT_FOV }), time, masks);
  }
  await writer.finish();
}

/** The stored result of a clip; undefined without a complete one. Rejects with RecordingError. */
export async function loadClip(
  key: string,
  landmarks: LandmarkModel,
  store = new RecordingStore(),
): Promise<ClipTracks | undefined> {
  const info = (await store.list()).find(({ id }) => id === key);
  if (info?.state !== 'complete') return undefined;
  const evaluator = landmarks.newEvaluator();
  const frames: ClipFrame[] = [];
  let masks = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { time, width, height, faces } of store.frames(key)) {
    const position = frames.length;
    if (position % BATCH === 0) masks = await masksFrom(store, key, position);
    const stored = faces.flatMap((record: RecordedFace, i): ClipFace[] => {
      const mask = masks.get(`${position} ${maskName(i)}`);
      const { landmarks68: _, landmarks478: __, mask: ___, ...face } = faceOfRecord(record, evaluator);
      return mask ? [{ face, mask }] : [];
    });
    frames.push({ time, width, height, faces: stored });
  }
  return new ClipTracks(frames, landmarks);
}

async function masksFrom(
  store: RecordingStore,
  key: string,
  from: number,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const attachments = await store.attachments(key, from, from + BATCH);
  return new Map(attachments.map(({ position, name, data }) => [`${position} ${name}`, data]));
}

function maskName(i: number): string {
  return `mask${i}`;
}
