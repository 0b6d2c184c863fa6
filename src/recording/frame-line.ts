import { viewExpression } from '../face/expression';
import type { CropCamera, Face, Pose, RawFace, TrackedFrame } from '../face/types';

/** Rounds to `digits` decimals. */
export function round(value: number, digits: number): number {
  const unit = 10 ** digits;
  return Math.round(value * unit) / unit;
}

function rounded(values: Iterable<number>, digits: number): number[] {
  return Array.from(values, (value) => round(value, digits));
}

function pairs(points: Float32Array): number[][] {
  const flat = rounded(points, 2);
  return Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2));
}

function named(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, 4)]));
}

function triples(points: Float32Array): number[][] {
  const flat = rounded(points, 2);
  return Array.from({ length: flat.length / 3 }, (_, i) => flat.slice(3 * i, 3 * i + 3));
}

function poseEntry({ rotation, translation }: Pose) {
  return { rotation: rounded(rotation, 6), translation: rounded(translation, 2) };
}

function cameraEntry({ rotation, centre, scale, distance }: CropCamera) {
  return { rotation: rounded(rotation, 6), centre: rounded(centre, 3), scale: round(scale, 6), distance };
}

function rawEntry({ expression, pose, camera }: RawFace) {
  return { expression: named(expression), pose: poseEntry(pose), camera: cameraEntry(camera) };
}

function faceEntry(face: Face, raw: RawFace | undefined, { points478 }: LineOptions) {
  const { identity, expression, albedo, light } = face.coefficients;
  const { crop } = face;
  return {
    id: face.id,
    state: face.state,
    presence: round(face.presence, 4),
    points68: pairs(face.landmarks68),
    ...(points478 ? { points478: triples(face.landmarks478) } : {}),
    pose: poseEntry(face.pose),
    camera: cameraEntry(face.camera),
    crop: {
      centreX: round(crop.centreX, 3),
      centreY: round(crop.centreY, 3),
      side: round(crop.side, 3),
      angle: round(crop.angle, 6),
    },
    coefficients: {
      identity: rounded(identity, 4),
      expression: named(viewExpression(expression)),
      albedo: rounded(albedo, 4),
      light: rounded(light, 4),
    },
    visibility: named(face.visibility),
    ...(raw ? { raw: rawEntry(raw) } : {}),
  };
}

/** What the lines contain. */
export interface LineOptions {
  /** Whether each face has its 478 landmarks. */
  readonly points478: boolean;
  /** The vertical field of view that the poses assume, degrees. */
  readonly fov: number;
}

/**
 * One line of frames.jsonl or of a recording (docs/formats.md), without the line break. A face has `raw` where the
 * tracker reports the faces before smoothing.
 */
export function frameLine(tracked: TrackedFrame, file: string, options: LineOptions): string {
  const { frame, faces, raw, timings, provider } = tracked;
  return JSON.stringify({
    file,
    index: frame.index,
    time: round(frame.time, 6),
    width: frame.width,
    height: frame.height,
    fov: options.fov,
    provider,
    ms: Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, round(ms, 3)])),
    faces: faces.map((face, i) => faceEntry(face, raw?.[i], options)),
  });
}
