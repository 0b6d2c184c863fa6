import { readFileSync } from 'node:fs';
import { type FaceModel, parseFaceModel } from '../../../src/face/face-model';
import { exponential } from '../../../src/face/rotation';
import { EXPRESSION_NAMES, REGIONS } from '../../../src/face/types';
import { type FaceTrack, readTrack, type TrackOptions } from '../../../src/recording/export/face-track';
import { parseFrame, type RecordedFace, type RecordedFrame } from '../../../src/recording/recorded-frame';
import { goldenLines } from '../some-frame';

const GOLDEN = goldenLines.map((line) => parseFrame(line, 'line')).find(({ faces }) => faces.length > 0);

export function faceModel(): FaceModel {
  const bytes = readFileSync(new URL('../../../public/models/peekaboo/face-model.bin', import.meta.url));
  return parseFaceModel(new Uint8Array(bytes).buffer);
}

const wave = (k: number, i: number) => 0.5 + 0.5 * Math.sin(0.7 * k + 0.4 * i);

function faceAt(i: number): RecordedFace {
  const [face] = GOLDEN?.faces ?? [];
  if (!face) throw new Error('no golden face');
  const expression = Object.fromEntries(
    EXPRESSION_NAMES.map((name, k) => [name, wave(k, i)]),
  ) as RecordedFace['coefficients']['expression'];
  const visibility = Object.fromEntries(
    REGIONS.map((name, k) => [name, wave(k + 60, i)]),
  ) as RecordedFace['visibility'];
  const rotation = exponential([0.3 * Math.sin(i / 5), 0.5 * Math.sin(i / 7), 0.2 * Math.cos(i / 6)]);
  return {
    ...face,
    id: 4,
    state: 'tracked',
    pose: { rotation: [...rotation], translation: [10 * Math.sin(i / 8), 5, -600 + i] },
    coefficients: { ...face.coefficients, expression },
    visibility,
  };
}

/** A recording in which all values of face 4 move; frames have uneven distances. */
export function someFrames(count = 40): RecordedFrame[] {
  if (!GOLDEN) throw new Error('no golden frame');
  const base = GOLDEN;
  return Array.from({ length: count }, (_, i) => ({
    ...base,
    index: i,
    time: 2 + i / 30 + (i % 3) * 0.002,
    faces: [faceAt(i)],
  }));
}

export async function* streamed<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* items;
}

export const FACTS = { name: 'Test', created: '2026-01-02T10:20:30.000Z', live: false } as const;

export function someTrack(
  frames: Iterable<RecordedFrame> = someFrames(),
  options: Partial<TrackOptions> = {},
): Promise<FaceTrack> {
  return readTrack(streamed(frames), FACTS, { face: 4, values: 'smoothed', restingFace: null, ...options });
}

export function bytesOf(pieces: Iterable<string | Uint8Array>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([...pieces].map((piece) => Buffer.from(piece))));
}

export function textOf(pieces: Iterable<string | Uint8Array>): string {
  return Buffer.from(bytesOf(pieces)).toString('utf8');
}
