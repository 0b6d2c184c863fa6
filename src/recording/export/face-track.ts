import { float32At } from '../../face/at';
import type { Quaternion, RestingFace, Seconds, Vector3 } from '../../face/types';
import { EXPRESSION_NAMES, REGIONS } from '../../face/types';
import type { RecordedFace, RecordedFrame } from '../recorded-frame';
import { RecordingError } from '../recording-error';
import { Numbers } from './numbers';

/** One face over time, as all formats export it. N samples; all arrays are flat. */
export interface FaceTrack {
  /** Of the recording. */
  readonly name: string;
  /** N, seconds, increasing, the first is 0. */
  readonly times: Float64Array;
  /** What the time code of the first sample shows, seconds since midnight. */
  readonly timecode: Seconds;
  /** N × 52 in the order of EXPRESSION_NAMES, 0 to 1. */
  readonly expression: Float32Array;
  /** N × (x, y, z, w): the head in the frame's camera (docs/formats.md, 3D). */
  readonly rotation: Float32Array;
  /** N × (x, y, z), mm. */
  readonly translation: Float32Array;
  /** N × 10 in the order of REGIONS, 0 to 1; 0 while the face is not listed. */
  readonly visibility: Float32Array;
  /** N: 1 where the face was seen, 0 where it was held or not listed. */
  readonly seen: Uint8Array;
  /** Means over the samples in which the face was seen: 80 and 10 coefficients. */
  readonly identity: Float32Array;
  readonly albedo: Float32Array;
}

export interface TrackOptions {
  /** The identifier of the face. */
  readonly face: number;
  /** raw: before smoothing, where the recording has it. */
  readonly values: 'smoothed' | 'raw';
  /** The face to which expressions are relative; null for measured values. */
  readonly restingFace: RestingFace | null;
}

/** A face of a recording: the number of frames that list it, and the times of the first and the last of them. */
export interface FaceSummary {
  readonly id: number;
  readonly frames: number;
  readonly start: Seconds;
  readonly end: Seconds;
}

/** The faces of a recording, the one in most frames first. Rejects with what `frames` throws. */
export async function listFaces(frames: AsyncIterable<RecordedFrame>): Promise<FaceSummary[]> {
  const faces = new Map<number, FaceSummary>();
  for await (const frame of frames) {
    for (const { id } of frame.faces) {
      const known = faces.get(id) ?? { id, frames: 0, start: frame.time, end: frame.time };
      faces.set(id, { ...known, frames: known.frames + 1, end: frame.time });
    }
  }
  return [...faces.values()].sort((a, b) => b.frames - a.frames || a.id - b.id);
}

/** What identifies the track. `live`: its time code is the time of day, else the time of the clip. */
export interface TrackFacts {
  readonly name: string;
  readonly created: string;
  readonly live: boolean;
}

/**
 * Reads one face from its first frame to its last. In frames without it, its values stay and its visibility is 0. Frames
 * whose time does not increase are left out. Throws RecordingError if there is no such face.
 */
export async function readTrack(
  frames: AsyncIterable<RecordedFrame>,
  facts: TrackFacts,
  options: TrackOptions,
): Promise<FaceTrack> {
  const builder = new TrackBuilder(options);
  for await (const frame of frames) builder.add(frame);
  return builder.finish(facts);
}

class TrackBuilder {
  readonly #times: number[] = [];
  readonly #seen: number[] = [];
  readonly #expression = new Numbers();
  readonly #rotation = new Numbers();
  readonly #translation = new Numbers();
  readonly #visibility = new Numbers();
  readonly #identity = new Mean(80);
  readonly #albedo = new Mean(10);
  #last: RecordedFace | undefined;
  #lastListed = 0;

  constructor(private readonly options: TrackOptions) {}

  add({ time, faces }: RecordedFrame): void {
    const face = faces.find(({ id }) => id === this.options.face);
    const shown = face ?? this.#last;
    if (!shown || time <= (this.#times.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
    this.#last = shown;
    const seen = face !== undefined && face.state !== 'held';
    const { expression, pose } = this.#valuesOf(shown);
    this.#times.push(time);
    this.#seen.push(seen ? 1 : 0);
    this.#expression.add(expression);
    this.#rotation.add(pose.rotation);
    this.#translation.add(pose.translation);
    this.#visibility.add(REGIONS.map((region) => face?.visibility[region] ?? 0));
    if (face) this.#lastListed = this.#times.length;
    // A face that is held in all frames still has a shape.
    if (seen || this.#identity.isEmpty) {
      this.#identity.add(shown.coefficients.identity);
      this.#albedo.add(shown.coefficients.albedo);
    }
  }

  finish({ name, created, live }: TrackFacts): FaceTrack {
    const count = this.#lastListed;
    const [start] = this.#times;
    if (start === undefined) {
      throw new RecordingError(
        'missing',
        `The recording “${name}” has no face ${this.options.face}; choose another face.`,
      );
    }
    return {
      name,
      times: Float64Array.from(this.#times.slice(0, count), (time) => time - start),
      timecode: live ? secondsOfDay(created) + start : start,
      expression: this.#expression.values().subarray(0, count * EXPRESSION_NAMES.length),
      rotation: continuous(this.#rotation.values().subarray(0, 4 * count)),
      translation: this.#translation.values().subarray(0, 3 * count),
      visibility: this.#visibility.values().subarray(0, count * REGIONS.length),
      seen: Uint8Array.from(this.#seen.slice(0, count)),
      identity: this.#identity.value(),
      albedo: this.#albedo.value(),
    };
  }

  #valuesOf(face: RecordedFace): {
    readonly expression: number[];
    readonly pose: { readonly rotation: Quaternion; readonly translation: Vector3 };
  } {
    const { values, restingFace } = this.options;
    const raw = values === 'raw' ? face.raw : undefined;
    const byName = raw?.expression ?? face.coefficients.expression;
    const expression = EXPRESSION_NAMES.map((name, i) => relative(byName[name], restingFace?.[i] ?? 0));
    return { expression, pose: raw?.pose ?? face.pose };
  }
}

/** As `withRestingFace` computes it. */
function relative(value: number, rest: number): number {
  return Math.max(0, (value - rest) / (1 - rest));
}

class Mean {
  readonly #sum: Float64Array;
  #count = 0;

  constructor(length: number) {
    this.#sum = new Float64Array(length);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(values: readonly number[]): void {
    this.#count += 1;
    for (const [i, value] of values.entries()) this.#sum[i] = (this.#sum[i] ?? 0) + value;
  }

  value(): Float32Array {
    return Float32Array.from(this.#sum, (sum) => sum / Math.max(1, this.#count));
  }
}

/** Changes the signs of quaternions so that neighbours are on the same side, as interpolation requires. */
function continuous(rotation: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  for (let i = 4; i < rotation.length; i += 4) {
    const now = rotation.subarray(i, i + 4);
    const product = now.reduce((sum, value, k) => sum + value * (rotation[i - 4 + k] ?? 0), 0);
    if (product < 0) for (let k = 0; k < 4; k++) now[k] = -(now[k] ?? 0);
  }
  return rotation;
}

/** Of a time in UTC. */
function secondsOfDay(iso: string): number {
  return (Date.parse(iso) / 1000) % 86_400;
}

/** The 52 values of sample `i`, not a copy. */
export function expressionAt({ expression }: FaceTrack, i: number): Float32Array {
  const width = EXPRESSION_NAMES.length;
  return expression.subarray(i * width, (i + 1) * width);
}

/** The unit quaternion (x, y, z, w) of the head in sample `i`. */
export function rotationAt({ rotation }: FaceTrack, i: number): Quaternion {
  return [
    float32At(rotation, 4 * i),
    float32At(rotation, 4 * i + 1),
    float32At(rotation, 4 * i + 2),
    float32At(rotation, 4 * i + 3),
  ];
}

/** The position (x, y, z) of the head in sample `i`, millimetres. */
export function translationAt({ translation }: FaceTrack, i: number): Vector3 {
  return [float32At(translation, 3 * i), float32At(translation, 3 * i + 1), float32At(translation, 3 * i + 2)];
}

/** The 10 values of sample `i` in the order of REGIONS, not a copy. */
export function visibilityAt({ visibility }: FaceTrack, i: number): Float32Array {
  return visibility.subarray(i * REGIONS.length, (i + 1) * REGIONS.length);
}
