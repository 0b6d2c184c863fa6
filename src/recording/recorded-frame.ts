import * as v from 'valibot';
import { faceOf } from '../face/expression';
import type { LandmarkEvaluator } from '../face/landmark-model';
import { EXPRESSION_NAMES, type Face, type FaceMask, REGIONS } from '../face/types';
import { RecordingError } from './recording-error';

const number = v.pipe(v.number(), v.finite());
const numbers = (count: number) => v.pipe(v.array(number), v.length(count));
const quaternion = v.strictTuple([number, number, number, number]);
const triple = v.strictTuple([number, number, number]);
const pair = v.strictTuple([number, number]);
const byName = <N extends string>(names: readonly N[]) =>
  v.object(v.entriesFromList(names, number)) as v.GenericSchema<unknown, Record<N, number>>;

const pose = v.object({ rotation: quaternion, translation: triple });
const camera = v.object({ rotation: quaternion, centre: pair, scale: number, distance: number });
const expression = byName(EXPRESSION_NAMES);

const faceSchema = v.object({
  id: v.pipe(v.number(), v.integer()),
  state: v.picklist(['found', 'tracked', 'held']),
  presence: number,
  points68: v.pipe(v.array(pair), v.length(68)),
  points478: v.optional(v.pipe(v.array(triple), v.length(478))),
  pose,
  camera,
  crop: v.object({ centreX: number, centreY: number, side: number, angle: number }),
  coefficients: v.object({ identity: numbers(80), expression, albedo: numbers(10), light: numbers(27) }),
  visibility: byName(REGIONS),
  /** Before smoothing. */
  raw: v.optional(v.object({ expression, pose, camera })),
});

const frameSchema = v.object({
  file: v.string(),
  index: v.pipe(v.number(), v.integer()),
  time: number,
  width: number,
  height: number,
  fov: number,
  faces: v.array(faceSchema),
});

/** A line of frames.jsonl or of a recording (docs/formats.md). */
export type RecordedFrame = v.InferOutput<typeof frameSchema>;
export type RecordedFace = RecordedFrame['faces'][number];

/** Parses one line. `place` names the line in the message. Throws RecordingError. */
export function parseFrame(line: string, place: string): RecordedFrame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new RecordingError('damaged', `${place} is cut off or damaged.`, { cause: error });
  }
  return checkFrame(value, place);
}

/** Validates a parsed line. Throws RecordingError. */
function checkFrame(value: unknown, place: string): RecordedFrame {
  const parsed = v.safeParse(frameSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new RecordingError('damaged', `${place} is no tracked frame: ${v.getDotPath(issue) ?? 'the line'} is wrong.`);
}

const NO_MASK: FaceMask = {
  width: 1,
  height: 1,
  extent: 1,
  occluder: new Uint8Array(1),
  skin: new Uint8Array(1).fill(255),
  own: new Uint8Array(1),
};

/**
 * The face as the tracker reported it, with its landmarks evaluated again: `landmarks` of the bundle that tracked it. One
 * evaluator for each person. Without `mask`, nothing covers the face.
 */
export function faceOfRecord(record: RecordedFace, landmarks: LandmarkEvaluator, mask: FaceMask = NO_MASK): Face {
  const { id, state, presence, pose, camera, crop, visibility } = record;
  const { identity, expression: values, albedo, light } = record.coefficients;
  const coefficients = {
    identity: Float32Array.from(identity),
    expression: Float32Array.from(EXPRESSION_NAMES, (name) => values[name]),
    albedo: Float32Array.from(albedo),
    light: Float32Array.from(light),
  };
  const points = landmarks.landmarks(coefficients, camera);
  return faceOf({ id, state, presence, pose, camera, crop, visibility, coefficients, mask, ...points });
}
